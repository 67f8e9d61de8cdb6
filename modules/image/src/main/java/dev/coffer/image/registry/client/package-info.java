/**
 * The client itself: what is asked of a registry, how answers are judged, and what is tried again.
 */
package dev.coffer.image.registry.client;
