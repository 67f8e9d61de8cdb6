package dev.coffer.engine.model;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a log is wanted.
 *
 * @param follow go on with what comes until the container has ended
 * @param tail only the last lines; -1 for all
 */
public record LogQuery(
    boolean stdout,
    boolean stderr,
    boolean follow,
    Optional<Instant> since,
    Optional<Instant> until,
    int tail) {}
