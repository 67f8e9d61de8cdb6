package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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

  /**
   * Asserts that nothing is left, after a moment for what the kernel does in the background.
   * Control groups are looked for at the roots and below the caller's own: a walk of all of them
   * would be slow beside an engine with thousands.
   */
  void assertNone() {
    assertNone(this::likelyCgroups);
  }

  /** As the other, with a look at every control group. */
  void assertNoneAnywhere() {
    assertNone(this::allCgroups);
  }

  private void assertNone(Supplier<List<Path>> cgroups) {
    Instant deadline = Instant.now().plus(GRACE);
    Set<String> left = find(cgroups);
    while (!left.isEmpty() && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(20_000_000);
      left = find(cgroups);
    }
    assertThat(left).as("left behind by %s", name).isEmpty();
  }

  Set<String> find() {
    return find(this::likelyCgroups);
  }

  private Set<String> find(Supplier<List<Path>> cgroups) {
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
    cgroups.get().forEach(cgroup -> left.add("cgroup " + cgroup));
    list(root).stream()
        .filter(entry -> entry.getFileName().toString().contains(name))
        .forEach(entry -> left.add("state " + entry));
    return left;
  }

  private List<Path> likelyCgroups() {
    List<Path> found = new ArrayList<>();
    for (String line : read(Path.of("/proc/self/cgroup")).lines().toList()) {
      String[] words = line.split(":", 3);
      String hierarchy = words[1].isEmpty() ? "unified" : words[1].replace("name=", "");
      Path root = CGROUPS.resolve(hierarchy);
      Set<Path> places = new TreeSet<>(List.of(root, Path.of(root + words[2]).normalize()));
      places.forEach(
          place ->
              list(place).stream()
                  .filter(path -> path.getFileName().toString().contains(name))
                  .forEach(found::add));
    }
    return found;
  }

  private List<Path> allCgroups() {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(CGROUPS, new Groups(found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Finds directories by name, whatever goes away of others meanwhile. */
  private final class Groups extends SimpleFileVisitor<Path> {
    private final List<Path> found;

    Groups(List<Path> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (directory.getFileName().toString().contains(name)) {
        found.add(directory);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
      return FileVisitResult.CONTINUE;
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
