package dev.coffer.image;

import dev.coffer.spec.image.Digest;

/**
 * A layer of an image.
 *
 * @param chainId what names it together with the layers below it
 * @param sizeBytes bytes of its regular files; of its archive, where it is not unpacked
 */
public record ImageLayer(Digest chainId, long sizeBytes) {}
