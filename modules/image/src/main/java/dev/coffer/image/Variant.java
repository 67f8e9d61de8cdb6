package dev.coffer.image;

import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Platform;
import java.util.Optional;

/**
 * One of the images that a name stands for.
 *
 * @param platform what it runs on
 * @param manifest the digest of its manifest
 * @param image the image, when the store has it; an index may list more than was pulled
 * @param contentBytes bytes of its manifest, config and archives of layers; 0 when it is not here
 */
public record Variant(
    Platform platform, Digest manifest, Optional<Image> image, long contentBytes) {}
