package dev.coffer.conformance.oci;

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
import java.util.stream.Stream;

/**
 * What containers could leave on the host: processes, mounts, control groups and entries of the
 * runtime's state directory.
 *
 * @param root the runtime's state directory
 * @param name a part of a name that only these containers have: one's id, or the prefix of all
 */
record Leftovers(Path root, String name) {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /** Asserts that nothing is left, after a moment for what the kernel does in the background. */
  void assertNone() {
    Instant deadline = Instant.now().plus(GRACE);
    Set<String> left = find();
    while (!left.isEmpty() && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(20_000_000);
      left = find();
    }
    assertThat(left).as("left behind by %s", name).isEmpty();
  }

  Set<String> find() {
    Set<String> left = new TreeSet<>();
    for (Path process : list(Path.of("/proc"))) {
      if (Character.isDigit(process.getFileName().toString().charAt(0)) && isOf(process)) {
        left.add("process " + process + " " + read(process.resolve("comm")).strip());
      }
    }
    read(Path.of("/proc/self/mountinfo"))
        .lines()
        .filter(line -> line.contains(name))
        .forEach(line -> left.add("mount " + line));
    cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
    list(root).stream()
        .filter(entry -> entry.getFileName().toString().contains(name))
        .forEach(entry -> left.add("state " + entry));
    return left;
  }

  /** The control groups that are named so, in every hierarchy. */
  List<Path> cgroups() {
    try (Stream<Path> all = Files.walk(CGROUPS)) {
      return all.filter(path -> path.getFileName().toString().contains(name))
          .filter(Files::isDirectory)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      // Another's group went away while we looked.
      return List.of(CGROUPS);
    }
  }

  /** A zombie is its parent's business: what was created detached is the host's init's to reap. */
  private boolean isOf(Path process) {
    boolean named =
        read(process.resolve("cgroup")).contains(name)
            || read(process.resolve("cmdline")).contains(name);
    return named && !read(process.resolve("stat")).contains(") Z ");
  }

  private static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  /** The text of a file of {@code /proc}, empty when its process has ended. */
  static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
