/** Ports of the host that are held for containers. */
package dev.coffer.network.port;
