package dev.coffer.engine.oci;

import dev.coffer.runtime.rootfs.Identity;
import java.util.Optional;

/**
 * What the builder must know that does not stand in a container's config.
 *
 * @param rootPath what the spec names as root file system
 * @param containerDirectory where hosts, hostname and resolv.conf of this container are
 * @param identity who it runs as, resolved in its own root file system
 * @param cgroupParent the engine's own control group, below which containers have theirs
 * @param cgroupV2 whether the host has the unified hierarchy alone
 * @param networkPid first process of the container whose network namespace is joined
 * @param ipcPid the same for the ipc namespace
 * @param pidPid the same for the pid namespace
 * @param devices the host's device nodes
 * @param seccomp profiles for this host
 */
public record SpecFacts(
    String rootPath,
    String containerDirectory,
    Identity identity,
    String cgroupParent,
    boolean cgroupV2,
    Optional<Integer> networkPid,
    Optional<Integer> ipcPid,
    Optional<Integer> pidPid,
    HostDevices devices,
    SeccompProfiles seccomp) {}
