package dev.coffer.engine.model;

import java.util.Optional;

/** What is known of an exec; the exit code is empty while it runs. */
public record ExecInspect(
    String id, String container, boolean running, int pid, Optional<Integer> exitCode) {}
