package dev.coffer.image;

/**
 * Something in a store that is not as it should be.
 *
 * @param object what: a blob's digest, an image's name or id, a layer's chain id, with its kind
 * @param problem what is wrong with it
 * @param remedy what was done about it, or why nothing was
 * @param repaired whether it is right now
 */
public record Finding(String object, String problem, String remedy, boolean repaired) {}
