package dev.coffer.engine.lifecycle;

import dev.coffer.engine.oci.HostDevices;
import dev.coffer.engine.oci.SeccompProfiles;
import dev.coffer.engine.oci.SpecFacts;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.runtime.rootfs.Identity;
import dev.coffer.spec.runtime.NamespaceType;
import java.nio.file.Path;
import java.util.List;

/**
 * What every launch needs to know of the engine and its host.
 *
 * @param monitors the directory that has one for each monitor
 * @param engineCommand what a monitor starts when it finds no engine
 * @param cgroupParent the engine's own control group, below which containers have theirs
 * @param cgroupV2 whether the host has the unified hierarchy alone
 * @param devices the host's device nodes
 * @param seccomp profiles for this host
 */
public record LaunchSite(
    Path monitors,
    List<String> engineCommand,
    String cgroupParent,
    boolean cgroupV2,
    HostDevices devices,
    SeccompProfiles seccomp) {

  /** The directory of a monitor's socket and lock. */
  public Path monitorDirectory(String id) {
    return monitors.resolve(id);
  }

  /** What the spec's builder needs for one container. */
  SpecFacts specFacts(
      ContainerDirectory directory,
      Identity identity,
      JoinedNamespaces.Joined joined,
      HostDevices looked) {
    return new SpecFacts(
        directory.rootfs().toString(),
        directory.path().toString(),
        identity,
        cgroupParent,
        cgroupV2,
        joined.pid(NamespaceType.NETWORK),
        joined.pid(NamespaceType.IPC),
        joined.pid(NamespaceType.PID),
        looked,
        seccomp);
  }
}
