package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An image in a list.
 *
 * @param id config digest, {@code sha256:…}
 * @param references full names with tags that point at it; may be empty
 * @param digests names with digests
 * @param sizeBytes unpacked size
 * @param containers how many containers use it
 */
public record ImageSummary(
    String id,
    List<String> references,
    List<String> digests,
    Instant created,
    long sizeBytes,
    Map<String, String> labels,
    int containers) {}
