package dev.coffer.spec.image;

import java.time.Instant;
import java.util.Optional;

/**
 * One step in the making of an image.
 *
 * <p>Source: OCI image-spec config.md, "history".
 *
 * @param created when, if known
 * @param createdBy the command
 * @param author who
 * @param comment a remark
 * @param emptyLayer whether the step made no layer
 */
public record HistoryEntry(
    Optional<Instant> created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {}
