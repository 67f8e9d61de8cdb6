package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.ContainerProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What {@code exec} is told.
 *
 * @param id the container's
 * @param process from the container's own process to the one that is wanted
 * @param consoleSocket Unix socket that gets the terminal's master
 * @param pidFile file that gets the process's pid
 * @param pidfdSocket Unix socket that gets the process's pidfd
 * @param subCgroups cgroups below the container's, by controller; "" stands for all
 * @param ignorePaused whether a paused container is fine: the process is frozen with it
 * @param detach return as soon as it runs
 * @param preservedDescriptors how many of the caller's descriptors, from 3 on, it gets
 */
public record ExecOptions(
    String id,
    UnaryOperator<ContainerProcess> process,
    Optional<Path> consoleSocket,
    Optional<Path> pidFile,
    Optional<Path> pidfdSocket,
    Map<String, String> subCgroups,
    boolean ignorePaused,
    boolean detach,
    int preservedDescriptors) {}
