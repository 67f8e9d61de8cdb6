package dev.coffer.engine.model;

import java.time.Instant;

/**
 * Whether the engine is well.
 *
 * @param cgroupParent the control group below which its containers have theirs
 */
public record EngineStatus(
    long pid,
    long build,
    Instant started,
    String dataRoot,
    String runDirectory,
    String cgroupParent,
    int running,
    int total) {}
