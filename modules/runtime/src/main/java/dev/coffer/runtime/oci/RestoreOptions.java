package dev.coffer.runtime.oci;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code restore} is told.
 *
 * @param id the container's
 * @param bundle absolute path
 * @param consoleSocket Unix socket that gets the terminal's master
 * @param pidFile file that gets the first process's pid
 * @param detach return as soon as it runs
 * @param securityProfile as {@code TYPE:NAME}
 * @param mountContext security context of mounts
 * @param systemd whether systemd keeps its cgroup
 */
public record RestoreOptions(
    String id,
    Path bundle,
    CriuChoices common,
    Optional<Path> consoleSocket,
    Optional<Path> pidFile,
    boolean detach,
    Optional<String> securityProfile,
    Optional<String> mountContext,
    boolean systemd) {}
