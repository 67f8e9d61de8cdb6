package dev.coffer.engine.model;

import dev.coffer.spec.image.Descriptor;
import java.util.Optional;

/**
 * What a pull has brought.
 *
 * @param name the whole normalised name, such as {@code docker.io/library/busybox:latest}
 * @param familiar the name in its short form
 * @param target the manifest or index that the name stands for
 * @param imageId the image's id; empty when it is an artifact that cannot be run
 * @param changed whether the store had not known it by that name
 */
public record Pulled(
    String name, String familiar, Descriptor target, Optional<String> imageId, boolean changed) {}
