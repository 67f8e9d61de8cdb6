package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one engine could leave behind on a host once it has no container and has ended: processes,
 * mounts, cgroups, and entries of its directories. Other engines on the machine are none of its
 * business.
 *
 * @param root the engine's data root
 * @param runDirectory the engine's sockets and locks
 * @param cgroupParent the control group below which its containers have theirs
 */
record HostState(Path root, Path runDirectory, String cgroupParent) {

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /**
   * Asserts that nothing is left. Removal goes on in the background for a moment, hence the grace.
   */
  void assertNothingIsLeft() {
    Instant deadline = Instant.now().plus(GRACE);
    Set<String> left = left();
    while (!left.isEmpty() && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(50_000_000);
      left = left();
    }
    assertThat(left).as("left behind on the host").isEmpty();
  }

  private Set<String> left() {
    Set<String> left = new TreeSet<>();
    names(Path.of("/proc")).stream()
        .filter(name -> Character.isDigit(name.charAt(0)))
        .map(pid -> Path.of("/proc", pid))
        .filter(this::isOurs)
        .forEach(process -> left.add("process " + process + " " + read(process.resolve("comm"))));
    read(Path.of("/proc/self/mounts"))
        .lines()
        .filter(this::namesOurPlaces)
        .forEach(line -> left.add("mount " + line));
    for (String hierarchy : names(CGROUPS)) {
      Path parent = CGROUPS.resolve(hierarchy + cgroupParent);
      if (Files.isDirectory(parent)) {
        left.add("cgroup " + parent + " " + subdirectories(parent));
      }
    }
    for (String kind : List.of("containers", "names", "trash/containers", "trash/layers")) {
      names(root.resolve(kind)).forEach(name -> left.add("directory " + kind + "/" + name));
    }
    names(runDirectory.resolve("m")).forEach(name -> left.add("run directory m/" + name));
    return left;
  }

  /**
   * Whether a process is of this engine: a launcher or an engine by its environment or arguments, a
   * monitor by what it holds open, a container's by its control group.
   */
  private boolean isOurs(Path process) {
    return namesOurPlaces(read(process.resolve("environ")))
        || namesOurPlaces(read(process.resolve("cmdline")))
        || read(process.resolve("cgroup")).contains(":" + cgroupParent + "/")
        || names(process.resolve("fd")).stream()
            .anyMatch(fd -> namesOurPlaces(target(process.resolve("fd").resolve(fd))));
  }

  private boolean namesOurPlaces(String text) {
    return text.contains(root.toString()) || text.contains(runDirectory.toString());
  }

  private static List<String> subdirectories(Path directory) {
    return names(directory).stream()
        .filter(name -> Files.isDirectory(directory.resolve(name)))
        .sorted()
        .toList();
  }

  /** The text of a file of {@code /proc}, empty when its process has ended. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
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
