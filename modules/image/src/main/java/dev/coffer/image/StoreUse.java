package dev.coffer.image;

/**
 * What images take of the disk: archives and unpacked files, shared ones once, and what pulls that
 * broke off have left.
 *
 * @param bytes of all that is in this store itself
 * @param needed bytes of these that images in use need
 */
public record StoreUse(long bytes, long needed) {}
