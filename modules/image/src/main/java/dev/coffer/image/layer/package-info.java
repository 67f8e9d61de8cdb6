/** Layers: unpacking archives in-root and keeping what they unpack to. */
package dev.coffer.image.layer;
