package dev.coffer.engine.model;

import java.time.Instant;

/**
 * A piece of a container's output.
 *
 * @param stderr whether it was written to standard error
 * @param text bytes as written, with the line's end if it had one
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogLine(Instant time, boolean stderr, byte[] text) {}
