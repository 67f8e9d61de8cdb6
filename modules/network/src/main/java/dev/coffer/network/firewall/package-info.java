/** The packet filter's part in networks: forwarding, addresses that are rewritten, isolation. */
package dev.coffer.network.firewall;
