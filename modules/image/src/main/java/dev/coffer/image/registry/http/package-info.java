/** HTTP as registries are spoken to: proxies, proofs, and answers that must not take for ever. */
package dev.coffer.image.registry.http;
