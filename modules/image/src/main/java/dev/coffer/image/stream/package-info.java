/** Streams that decompress, bound, hash and read ahead. */
package dev.coffer.image.stream;
