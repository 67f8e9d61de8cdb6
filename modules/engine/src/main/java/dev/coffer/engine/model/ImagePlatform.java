package dev.coffer.engine.model;

import java.util.Optional;

/**
 * One of the platforms that a name of an image stands for.
 *
 * @param platform such as {@code linux/arm64/v8}
 * @param manifest its manifest's digest, {@code sha256:…}
 * @param id the image's id, when the store has it
 * @param sizeBytes its unpacked size, 0 when it is not here
 * @param contentBytes what its archives take, 0 when it is not here
 * @param used whether it may not be removed
 */
public record ImagePlatform(
    String platform,
    String manifest,
    Optional<String> id,
    long sizeBytes,
    long contentBytes,
    boolean used) {}
