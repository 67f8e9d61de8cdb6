/**
 * The image store: blobs by digest, references, layers unpacked and shared, and the archives that
 * images come from and go to.
 */
package dev.coffer.image;
