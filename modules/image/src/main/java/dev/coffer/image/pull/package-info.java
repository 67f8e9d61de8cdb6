/**
 * Getting images from registries: what a name stands for, its blobs in pieces and side by side, and
 * unpacking right behind what has arrived.
 */
package dev.coffer.image.pull;
