/** Blobs by digest. */
package dev.coffer.image.content;
