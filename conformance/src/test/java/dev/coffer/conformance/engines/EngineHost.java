package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The host as one of the world's engines sees it in a test: mount and network namespaces of its own
 * where {@code /run} and the engines' directories are empty, a directory below {@code /tmp}, and
 * one parent for all control groups. Closing ends the daemons by their pids and asserts that no
 * process, mount or control group of theirs is left.
 */
final class EngineHost implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What of the host's /run stays visible is Coffer's own directory: a runtime may use it. */
  private static final String SET_UP =
      """
      set -e
      [ ! -d /run/coffer ] || { mkdir "$1/run-coffer"; mount --bind /run/coffer "$1/run-coffer"; }
      mount -t tmpfs tmpfs /run
      mkdir /run/lock
      [ ! -d "$1/run-coffer" ] || { mkdir /run/coffer; mount --move "$1/run-coffer" /run/coffer; }
      for directory in /dev/shm /etc/docker /etc/containers /var/lib/containerd /var/lib/docker \
          /var/lib/containers /var/lib/cni; do
        [ ! -d "$directory" ] || mount -t tmpfs tmpfs "$directory"
      done
      ip link set lo up
      echo ready
      exec sleep 100000
      """;

  private final Path directory;
  private final Path image;
  private final GivenRuntime runtime;
  private final Process holder;
  private final Deque<Process> daemons = new ArrayDeque<>();

  private EngineHost(Path directory, String... namespaces) throws IOException {
    this.directory = directory;
    this.runtime = GivenRuntime.open(directory);
    this.image = BusyboxImage.write(directory);
    Files.createDirectory(directory.resolve("home"));
    List<String> command = new ArrayList<>(List.of("unshare", "--propagation", "private"));
    command.addAll(List.of(namespaces));
    command.addAll(List.of("sh", "-c", SET_UP, "sh", directory.toString()));
    this.holder =
        new ProcessBuilder(command).redirectError(directory.resolve("holder.log").toFile()).start();
    byte[] ready = holder.getInputStream().readNBytes(6);
    assertThat(new String(ready, StandardCharsets.UTF_8))
        .as("namespaces: %s", Files.readString(directory.resolve("holder.log")))
        .isEqualTo("ready\n");
  }

  static EngineHost open() {
    return open("--mount", "--net");
  }

  /** With the network of the host that the tests run on, for registries on its loopback device. */
  static EngineHost openOnHostsNetwork() {
    return open("--mount");
  }

  private static EngineHost open(String... namespaces) {
    try {
      Path directory = Files.createTempDirectory(Path.of("/tmp"), "coffer-engines");
      return new EngineHost(directory, namespaces);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A directory of this host, which goes away with it. */
  Path directory() {
    return directory;
  }

  /** The archive of {@link BusyboxImage}. */
  Path image() {
    return image;
  }

  /** The runtime under test, as engines start it. */
  Path runtime() {
    return runtime.binary();
  }

  /** The control group below which all containers of this host have theirs. */
  String cgroupParent() {
    return directory.getFileName().toString();
  }

  /** The name of the network namespace that is this host's own. */
  String networkNamespace() {
    return Kernel.namespace(holder.pid(), "net");
  }

  /** Runs a command on this host to its end. */
  Result run(List<String> command) {
    return run(command, "");
  }

  Result run(List<String> command, String input) {
    return Coffer.finish(start(command), input.getBytes(StandardCharsets.UTF_8), LIMIT);
  }

  /** Starts a command on this host and leaves its standard streams to the caller. */
  Process start(List<String> command) {
    try {
      return new ProcessBuilder(inside(command)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a daemon and waits until a command of its client succeeds.
   *
   * @param name names its log
   */
  void daemon(String name, List<String> command, List<String> probe) {
    Path log = directory.resolve(name + ".log");
    try {
      Process daemon =
          new ProcessBuilder(inside(command))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      daemons.push(daemon);
      Coffer.eventually(() -> run(probe).exitCode() == 0 || !daemon.isAlive());
      assertThat(daemon.isAlive()).as("%s runs; its log: %s", name, Files.readString(log)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command line that runs another on this host, in an environment without accidents. */
  List<String> inside(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--mount",
                "--net",
                "--target",
                Long.toString(holder.pid()),
                "--wd=" + directory,
                "--",
                "env",
                "-i",
                "HOME=" + directory.resolve("home"),
                "TERM=xterm",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
    all.addAll(command);
    return all;
  }

  /** Removes the empty control groups that an engine made by itself and keeps. */
  void removeCgroups(Predicate<String> byEngine) {
    new Leftovers(directory, holder.pid(), cgroupParent())
        .cgroups()
        .filter(cgroup -> byEngine.test(cgroup.getFileName().toString()))
        .forEach(EngineHost::removeCgroup);
  }

  @Override
  public void close() {
    while (!daemons.isEmpty()) {
      end(daemons.pop());
    }
    Leftovers leftovers = new Leftovers(directory, holder.pid(), cgroupParent());
    Set<String> left = leftovers.afterAWhile();
    end(holder);
    runtime.close();
    assertThat(left).as("left behind by the engine or its runtime").isEmpty();
    leftovers.cgroupParents().forEach(EngineHost::removeCgroup);
    Coffer.delete(directory);
  }

  private static void end(Process process) {
    process.destroy();
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended: %s", process.info()).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void removeCgroup(Path cgroup) {
    try {
      Files.deleteIfExists(cgroup);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
