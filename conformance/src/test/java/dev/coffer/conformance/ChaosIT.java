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
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} of the engine, and of monitors, at random moments while eight clients work.
 * Afterwards the restarted engine agrees with what is real, long-running containers have never
 * stopped running and logging, and (asserted when {@link Coffer} closes) nothing is orphaned.
 */
class ChaosIT {

  private static final int CLIENTS = 8;
  private static final int ENGINE_KILLS = Integer.getInteger("chaos.kills", 50);
  private static final int MONITOR_KILLS = 25;
  private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

  @Test
  void theEngineMayDieAtAnyMoment() throws Exception {
    System.out.println("chaos.seed=" + SEED);
    Random random = new Random(SEED);
    AtomicBoolean stop = new AtomicBoolean();
    try (Coffer coffer = Coffer.open();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      coffer
          .run(
              "run",
              "-d",
              "--name",
              "steady",
              "busybox",
              "sh",
              "-c",
              "i=0; while :; do echo $i; i=$((i+1)); sleep 0.1; done")
          .ok();
      String pid = coffer.run("inspect", "-f", "{{.State.Pid}}", "steady").ok().line();
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        running.add(clients.submit(() -> work(coffer, number, stop)));
      }
      long steadysMonitor = parent(pid);
      for (int i = 0; i < ENGINE_KILLS; i++) {
        if (i % Math.max(1, ENGINE_KILLS / MONITOR_KILLS) == 0) {
          pause(random, 50, 300);
          kill(someMonitorBut(steadysMonitor, coffer.enginePid(), random));
        }
        pause(random, 50, 500);
        kill(coffer.enginePid());
      }
      stop.set(true);
      for (Future<?> client : running) {
        client.get();
      }

      assertThat(
              coffer
                  .run("inspect", "-f", "{{.State.Pid}} {{.State.Running}}", "steady")
                  .ok()
                  .line())
          .isEqualTo(pid + " true");
      List<String> logged = coffer.run("logs", "steady").ok().lines();
      for (int i = 0; i < logged.size(); i++) {
        assertThat(logged.get(i)).isEqualTo(Integer.toString(i));
      }
      assertThat(coffer.run("exec", "steady", "echo", "alive").ok().line()).isEqualTo("alive");
      agreesWithReality(coffer);
    }
  }

  /** Every container that the engine calls running has a live process, and every other has none. */
  private static void agreesWithReality(Coffer coffer) {
    for (String id : coffer.run("ps", "-aq", "--no-trunc").ok().lines()) {
      String[] state =
          coffer
              .run("inspect", "-f", "{{.State.Running}} {{.State.Pid}}", id)
              .ok()
              .line()
              .split(" ");
      boolean alive = processes(id).anyMatch(file -> !read(file).isBlank());
      assertThat(alive)
          .as("container " + id + " lives, as the engine says")
          .isEqualTo(Boolean.valueOf(state[0]));
      if (alive) {
        assertThat(Path.of("/proc", state[1])).exists();
      }
    }
  }

  /** Where the kernel lists a container's processes, whichever engine's group it is below. */
  private static Stream<Path> processes(String id) {
    Path all = Path.of("/sys/fs/cgroup/pids/coffer");
    try (Stream<Path> engines = Files.list(all)) {
      return Stream.concat(Stream.of(all), engines.toList().stream())
          .map(parent -> parent.resolve(id).resolve("cgroup.procs"))
          .filter(Files::exists);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void work(Coffer coffer, int client, AtomicBoolean stop) {
    for (int round = 0; !stop.get(); round++) {
      String name = "c" + client + "-" + round;
      coffer
          .run("create", "--name", name, "busybox", "sh", "-c", "echo started; sleep 1000")
          .isExpectable();
      coffer.run("start", name).isExpectable();
      coffer.run("exec", name, "true").isExpectable();
      coffer.run("logs", name).isExpectable();
      coffer.run("run", "--rm", "busybox", "echo", "x").isExpectable();
      coffer.run("stop", "-t", "0", name).isExpectable();
      coffer.run("rm", "-f", name).isExpectable();
    }
  }

  /** One that this engine has started: of a container, of an exec, or one that begins just now. */
  private static long someMonitorBut(long spared, long engine, Random random) {
    List<Long> monitors =
        ProcessHandle.of(engine).stream()
            .flatMap(ProcessHandle::children)
            .map(ProcessHandle::pid)
            .filter(pid -> pid != spared)
            .toList();
    return monitors.isEmpty() ? 0 : monitors.get(random.nextInt(monitors.size()));
  }

  /** The monitor is its container's parent. */
  private static long parent(String pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", pid, "status"))) {
      return lines
          .filter(line -> line.startsWith("PPid:"))
          .map(line -> line.substring(5).strip())
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static void kill(long pid) {
    if (pid > 1) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void pause(Random random, int least, int most) {
    Instant until = Instant.now().plus(Duration.ofMillis(random.nextInt(least, most)));
    while (Instant.now().isBefore(until)) {
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
