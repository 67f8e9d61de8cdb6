/**
 * Copies of images from one place to another, byte for byte: between the store, registries, image
 * layouts, archives and directories. Each kind of place is one {@link
 * dev.coffer.image.copy.ImageSource} and one {@link dev.coffer.image.copy.ImageDestination}.
 */
package dev.coffer.image.copy;
