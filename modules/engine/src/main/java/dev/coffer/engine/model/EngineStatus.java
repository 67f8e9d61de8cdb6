package dev.coffer.engine.model;

import java.time.Instant;

/** Whether the engine is well. */
public record EngineStatus(
    long pid,
    long build,
    Instant started,
    String dataRoot,
    String runDirectory,
    int running,
    int total) {}
