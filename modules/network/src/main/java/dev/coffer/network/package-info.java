/** Networks of containers: devices, addresses, ports and names. */
package dev.coffer.network;
