/**
 * Registries: the client side of the OCI distribution specification 1.1 and of Docker's registry
 * API version 2.
 */
package dev.coffer.image.registry;
