package dev.coffer.conformance.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an engine and its runtime could leave once their containers are removed and the engine has
 * ended: processes of its namespaces or control groups, mounts of containers, control groups, and
 * the runtime's state.
 *
 * @param directory where the engine kept what is its own
 * @param holder the pid of the process that holds the namespaces, which is no leftover
 * @param cgroupParent the name of the control group above all those of containers
 */
record Leftovers(Path directory, long holder, String cgroupParent) {

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /** What is left when ends that are under way have come, as lines to read. */
  Set<String> afterAWhile() {
    Instant deadline = Instant.now().plus(GRACE);
    Set<String> left = now();
    while (!left.isEmpty() && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(50_000_000);
      left = now();
    }
    return left;
  }

  /** The control groups below which the engine's containers had theirs. */
  Stream<Path> cgroupParents() {
    return Stream.concat(Stream.of(CGROUPS), children(CGROUPS))
        .map(hierarchy -> hierarchy.resolve(cgroupParent))
        .filter(Files::isDirectory);
  }

  /** The control groups right below those. */
  Stream<Path> cgroups() {
    return cgroupParents().flatMap(Leftovers::children).filter(Files::isDirectory);
  }

  private Set<String> now() {
    Set<String> left = new TreeSet<>();
    children(Path.of("/proc"))
        .filter(this::isOurs)
        .forEach(
            process -> left.add("process " + process + " " + read(process.resolve("cmdline"))));
    mountPoints(process(holder))
        .filter(point -> point.matches(".*/(merged|rootfs|shm|mqueue|ns)(/.*)?"))
        .forEach(point -> left.add("mount " + point));
    mountPoints(process(ProcessHandle.current().pid()))
        .forEach(point -> left.add("mount of the host " + point));
    cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
    states().forEach(state -> left.add("state " + state));
    return left;
  }

  private boolean isOurs(Path process) {
    return !process.equals(process(holder))
        && Character.isDigit(process.getFileName().toString().charAt(0))
        && (target(process.resolve("ns/mnt")).equals(target(process(holder).resolve("ns/mnt")))
            || read(process.resolve("cgroup")).contains("/" + cgroupParent + "/"));
  }

  private Stream<String> mountPoints(Path process) {
    return read(process.resolve("mounts"))
        .lines()
        .map(line -> line.split(" ")[1])
        .filter(point -> point.startsWith(directory.toString()));
  }

  /** What the runtime keeps of a container below the roots that containerd and dockerd give it. */
  private Stream<Path> states() {
    Path run = process(holder).resolve("root/run/containerd/runc");
    Path docker = directory.resolve("docker/exec");
    return Stream.concat(
            children(run),
            children(docker)
                .filter(path -> path.getFileName().toString().startsWith("runtime-"))
                .flatMap(Leftovers::children))
        .flatMap(Leftovers::children);
  }

  private static Path process(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }

  /** The text of a file of {@code /proc}, empty when its process has ended. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).replace('\0', ' ');
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

  private static Stream<Path> children(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.collect(Collectors.toSet()).stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.empty();
    }
  }
}
