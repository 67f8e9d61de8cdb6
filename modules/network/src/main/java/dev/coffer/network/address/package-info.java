/** Addresses and ranges of them. */
package dev.coffer.network.address;
