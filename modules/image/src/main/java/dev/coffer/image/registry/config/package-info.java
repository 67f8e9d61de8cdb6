/**
 * What is configured for a registry, in the words of Docker, containerd, Podman and Coffer: which
 * hosts to ask, how they prove themselves, and what a short name means.
 */
package dev.coffer.image.registry.config;
