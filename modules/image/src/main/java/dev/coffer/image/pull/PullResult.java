package dev.coffer.image.pull;

import dev.coffer.image.Image;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.util.Optional;

/**
 * What a pull has brought.
 *
 * @param reference the name that it is known by now
 * @param target the manifest or index that the name stands for
 * @param image the image that was asked for; empty when it is an artifact of another kind
 * @param changed whether the store had not known it by that name
 */
public record PullResult(
    Reference reference, Descriptor target, Optional<Image> image, boolean changed) {}
