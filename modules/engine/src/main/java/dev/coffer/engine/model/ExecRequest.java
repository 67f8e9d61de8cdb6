package dev.coffer.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * A process to add to a running container; the parts mean what they mean in {@link ProcessRequest}.
 */
public record ExecRequest(
    List<String> command,
    List<String> environment,
    Optional<String> user,
    Optional<String> workingDirectory,
    boolean privileged,
    boolean terminal,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    int rows,
    int columns,
    Optional<String> detachKeys) {}
