/**
 * Speaks with criu(8), which saves and restores processes, over its own protocol: requests and
 * answers in protocol buffers on a socket of records (criu's images/rpc.proto has the messages).
 */
package dev.coffer.runtime.criu;
