package dev.coffer.runtime.oci;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code create} and {@code run} are told.
 *
 * @param id the container's
 * @param bundle absolute path
 * @param consoleSocket Unix socket that gets the terminal's master
 * @param pidFile file that gets the first process's pid
 * @param pidfdSocket Unix socket that gets the first process's pidfd
 * @param pivot whether the root is changed by pivot_root(2); else by chroot(2)
 * @param newKeyring whether the container gets a session keyring of its own
 * @param systemd whether systemd makes and keeps its cgroup
 * @param preservedDescriptors how many of the caller's descriptors, from 3 on, it gets
 */
public record CreateOptions(
    String id,
    Path bundle,
    Optional<Path> consoleSocket,
    Optional<Path> pidFile,
    Optional<Path> pidfdSocket,
    boolean pivot,
    boolean newKeyring,
    boolean systemd,
    int preservedDescriptors) {}
