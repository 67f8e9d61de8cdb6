/**
 * What a host's own rules say of packets that it receives, and how it comes to be asked about those
 * for published ports, which the host forwards.
 */
package dev.coffer.network.input;
