/** Devices, addresses and routes, by rtnetlink(7). */
package dev.coffer.network.link;
