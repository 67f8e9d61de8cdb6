package dev.coffer.runtime.oci;

import dev.coffer.kernel.ProcFile;
import dev.coffer.runtime.host.MountLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mounts of proc and sysfs that a process sees. */
final class HostTrees {
  private static final Set<String> TYPES = Set.of("proc", "sysfs");

  private HostTrees() {}

  /**
   * Their mount points in the order of mounting, one that is mounted upon twice twice.
   *
   * @param rootfs a container's, in which what is mounted is the container's own
   */
  static List<String> of(int pid, Path rootfs) throws IOException {
    return ProcFile.read("/proc/" + pid + "/mountinfo")
        .lines()
        .map(MountLine::parse)
        .flatMap(Optional::stream)
        .filter(line -> TYPES.contains(line.type()))
        .map(MountLine::mountPoint)
        .filter(path -> !Path.of(path).startsWith(rootfs))
        .toList();
  }
}
