package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;

/** One step in an image's making; {@code id} is {@code <missing>} where no image stands for it. */
public record ImageHistoryEntry(
    String id,
    Instant created,
    String createdBy,
    long sizeBytes,
    String comment,
    List<String> tags) {}
