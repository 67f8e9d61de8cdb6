/** The networks of this host, made of its devices, addresses, routes and packet filter. */
package dev.coffer.network.host;
