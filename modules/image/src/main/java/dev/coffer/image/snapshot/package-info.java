/**
 * The writable root file systems of containers over the unpacked layers of images: one interface,
 * {@link dev.coffer.image.snapshot.Snapshotter}, and the ways to have it.
 */
package dev.coffer.image.snapshot;
