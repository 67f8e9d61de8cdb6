package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * A system call of the engine's that fails while it works on one container: what {@link FaultIT}
 * asks of a command whose own processes are struck, the command whose engine is.
 *
 * <p>For Coffer alone, and where the controllers are of version 1: it names their files.
 */
class EngineFaultIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> VERBS =
      List.of("start", "pause", "resume", "update", "kill", "delete", "state");
  private static final List<String> CALLS =
      List.of("openat", "read", "write", "flock", "statx", "unlinkat", "renameat2");

  /** The verbs that were struck, once for each call that was there to fail: none makes them all. */
  private final List<String> struck = new ArrayList<>();

  @TestFactory
  Stream<DynamicNode> failures() {
    return Stream.concat(
        VERBS.stream()
            .flatMap(
                verb ->
                    CALLS.stream()
                        .map(call -> check(call + " in " + verb, () -> isToldOf(verb, call)))),
        VERBS.stream()
            .map(
                verb ->
                    check(
                        verb + " was struck",
                        () -> {
                          assumeCoffer();
                          assertThat(struck).contains(verb);
                        })));
  }

  private void isToldOf(String verb, String call) throws Exception {
    assumeCoffer();
    try (Container container = prepared(verb)) {
      List<Path> files = files(container);
      if (verb.equals("delete")) {
        container.kill("KILL").ok();
        container.awaitStatus("stopped");
      }
      long engine = engine();
      Path log = workspace().directory().resolve("strace-" + verb + "-" + call);
      Process strace = attach(engine, call, log, files);
      Result result;
      try {
        result = runtime().run(words(verb, container.id()).toArray(String[]::new));
      } finally {
        strace.destroy();
        assertThat(strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      boolean hasHit = Files.readString(log).contains("(INJECTED)");
      if (hasHit) {
        struck.add(verb);
      }
      if (result.exitCode() == 0) {
        hasDoneIt(verb, container);
      } else {
        result.fails("cannot ", container.id());
        assertThat(result.err().lines()).as("one line: %s", result).hasSize(1);
        assertThat(hasHit).as("a reason for %s", result).isTrue();
      }
      assertThat(engine()).as("the engine that was struck").isEqualTo(engine);
      runtime().run("delete", "--force", container.id()).ok();
      container.leftovers().assertNone();
      container.run("--detach").ok();
    }
  }

  private Container prepared(String verb) {
    Container container = container(Bundle::stays);
    container.create().ok();
    if (!verb.equals("start")) {
      container.start().ok();
    }
    if (verb.equals("resume")) {
      container.verb("pause").ok();
    }
    return container;
  }

  private static List<String> words(String verb, String id) {
    return switch (verb) {
      case "update" -> List.of(verb, "--pids-limit", "77", id);
      case "kill" -> List.of(verb, id, "KILL");
      default -> List.of(verb, id);
    };
  }

  private static void hasDoneIt(String verb, Container container) {
    switch (verb) {
      case "start", "resume" -> assertThat(container.status()).isEqualTo("running");
      case "pause" -> assertThat(container.status()).isEqualTo("paused");
      case "kill" -> container.awaitStatus("stopped");
      case "update" -> assertThat(container.cgroup("pids").resolve("pids.max")).hasContent("77");
      case "delete" -> container.leftovers().assertNone();
      default -> {}
    }
  }

  /** What the engine keeps of a container that runs, and what it writes to of its groups. */
  private List<Path> files(Container container) {
    Path state = runtime().root().resolve(container.id());
    return List.of(
        state,
        state.resolve("state.json"),
        state.resolve("config.json"),
        state.resolve("report"),
        state.resolve("start"),
        container.cgroup("freezer").resolve("freezer.state"),
        container.cgroup("pids").resolve("pids.max"));
  }

  /** Strace on all threads of the engine, for what they do to these files. */
  private static Process attach(long engine, String call, Path log, List<Path> files)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
    words.addAll(List.of("-p", Long.toString(engine), "-e", "trace=" + call));
    words.addAll(List.of("-e", "inject=" + call + ":error=EIO:when=1"));
    for (Path file : files) {
      words.addAll(List.of("-P", file.toString()));
    }
    Process strace =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    WaitFor.condition("strace at every thread", PATIENCE, () -> isTraced(engine, strace.pid()));
    return strace;
  }

  private static boolean isTraced(long pid, long tracer) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
          .map(thread -> Leftovers.read(thread.resolve("status")))
          .allMatch(status -> status.isEmpty() || status.contains("TracerPid:\t" + tracer + "\n"));
    }
  }
}
