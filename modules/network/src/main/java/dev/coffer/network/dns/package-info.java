/** The name server that containers of user-defined networks ask. */
package dev.coffer.network.dns;
