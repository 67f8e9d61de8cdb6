package dev.coffer.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * What runs in a new container. Empty means the image's own choice.
 *
 * @param entrypoint replaces the image's entrypoint; a present empty list clears it
 * @param command arguments; an empty list keeps the image's command
 * @param environment {@code NAME=value} entries, later ones win over the image's; a bare {@code
 *     NAME} removes the variable
 * @param user {@code user[:group]} by name or number
 * @param workingDirectory absolute path inside
 * @param terminal whether it gets a pseudo-terminal
 * @param openStdin whether standard input stays open ({@code -i})
 * @param stdinOnce whether input closes when the first client leaves
 * @param attachStdin whether the creating client attaches to input
 * @param attachStdout whether it attaches to output
 * @param attachStderr whether it attaches to errors
 * @param rows height of the terminal, 0 when unknown
 * @param columns width of the terminal, 0 when unknown
 * @param init whether a reaper runs as pid 1
 * @param detachKeys Docker's notation such as {@code ctrl-p,ctrl-q}; empty: that default
 */
public record ProcessRequest(
    Optional<List<String>> entrypoint,
    List<String> command,
    List<String> environment,
    Optional<String> user,
    Optional<String> workingDirectory,
    boolean terminal,
    boolean openStdin,
    boolean stdinOnce,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    int rows,
    int columns,
    boolean init,
    Optional<String> detachKeys) {}
