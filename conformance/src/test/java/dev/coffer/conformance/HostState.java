package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container engine could leave behind on a host: mounts, cgroups, network interfaces, named
 * network namespaces and processes of its own. Taken before and compared after.
 */
record HostState(
    Set<String> mounts, Set<String> cgroups, Set<String> links, Set<String> processes) {

  private static final Duration GRACE = Duration.ofSeconds(10);

  static HostState now() {
    return new HostState(mountPoints(), allCgroups(), names(Path.of("/sys/class/net")), ours());
  }

  /**
   * Asserts that nothing is there that was not there before. Removal of cgroups goes on in the
   * background for a moment, hence the grace.
   */
  void assertNothingIsLeft(Path root, Path runDirectory) {
    Instant deadline = Instant.now().plus(GRACE);
    List<String> left = left(root, runDirectory);
    while (!left.isEmpty() && Instant.now().isBefore(deadline)) {
      java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
      left = left(root, runDirectory);
    }
    assertThat(left).as("left behind on the host").isEmpty();
  }

  private List<String> left(Path root, Path runDirectory) {
    HostState after = now();
    List<String> left = new ArrayList<>();
    left.addAll(minus(after.mounts, mounts, "mount "));
    left.addAll(minus(after.cgroups, cgroups, "cgroup "));
    left.addAll(minus(after.links, links, "network interface "));
    left.addAll(minus(after.processes, processes, "process "));
    for (String kind : List.of("containers", "names", "trash")) {
      for (String name : names(root.resolve(kind))) {
        left.add("directory " + kind + "/" + name);
      }
    }
    for (String name : names(runDirectory.resolve("m"))) {
      left.add("run directory " + name);
    }
    return left;
  }

  private static Set<String> minus(Set<String> after, Set<String> before, String what) {
    return after.stream()
        .filter(one -> !before.contains(one))
        .map(one -> what + one)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> mountPoints() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.map(line -> line.split(" ", 3)[1]).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every cgroup below a {@code coffer} directory of any hierarchy. */
  private static Set<String> allCgroups() {
    Set<String> found = new TreeSet<>();
    for (String hierarchy : names(Path.of("/sys/fs/cgroup"))) {
      Path coffer = Path.of("/sys/fs/cgroup", hierarchy, "coffer");
      for (String container : names(coffer)) {
        if (Files.isDirectory(coffer.resolve(container))) {
          found.add(hierarchy + "/coffer/" + container);
        }
      }
    }
    return found;
  }

  /**
   * Processes of Coffer: engines, monitors, and stages that have not become a container's process.
   */
  private static Set<String> ours() {
    Set<String> found = new TreeSet<>();
    for (String pid : names(Path.of("/proc"))) {
      if (!Character.isDigit(pid.charAt(0))) {
        continue;
      }
      try {
        String comm = Files.readString(Path.of("/proc", pid, "comm")).strip();
        if (comm.startsWith("coffer")) {
          found.add(pid + " " + comm);
        }
      } catch (IOException e) {
        // It ended while we looked.
      }
    }
    return found;
  }

  private static Set<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException e) {
      return Set.of();
    }
  }
}
