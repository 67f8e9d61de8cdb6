package dev.coffer.runtime.oci;

import dev.coffer.runtime.criu.CgroupsMode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code checkpoint} and {@code restore} are both told.
 *
 * @param criu name or path of criu(8)
 * @param images absolute path of the image's directory
 * @param work directory of criu's own files and log; empty: that of the image
 * @param tcpEstablished whether TCP connections may be open
 * @param externalUnixSockets whether Unix sockets may lead outside
 * @param shellJob whether it may be the job of a shell outside
 * @param fileLocks whether file locks are kept
 * @param lazyPages whether memory is brought when it is used
 * @param cgroups what criu does with cgroups; empty: what it does when nothing is said
 * @param emptyNetwork whether of the network namespace only the existence counts
 * @param autoDedup whether equal pages are kept once
 */
public record CriuChoices(
    String criu,
    Path images,
    Optional<Path> work,
    boolean tcpEstablished,
    boolean externalUnixSockets,
    boolean shellJob,
    boolean fileLocks,
    boolean lazyPages,
    Optional<CgroupsMode> cgroups,
    boolean emptyNetwork,
    boolean autoDedup) {}
