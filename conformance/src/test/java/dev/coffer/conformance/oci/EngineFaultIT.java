package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 */
class EngineFaultIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> VERBS =
      List.of("start", "pause", "resume", "update", "kill", "delete", "state");
  private static final List<String> CALLS =
      List.of("openat", "read", "write", "flock", "statx", "unlinkat", "renameat2");

  /** How many calls were there to fail: not every verb makes each. */
  private int hits;

  @TestFactory
  Stream<DynamicNode> failures() {
    return Stream.concat(
        VERBS.stream()
            .flatMap(
                verb ->
                    CALLS.stream()
                        .map(call -> check(call + " in " + verb, () -> isToldOf(verb, call)))),
        Stream.of(
            check(
                "each verb was struck, more or less",
                () -> {
                  assumeCoffer();
                  assertThat(hits).isGreaterThan(VERBS.size());
                })));
  }

  private void assumeCoffer() {
    assumeTrue(
        Files.exists(runtime().binary().resolveSibling("coffer")), "the runtime is Coffer's");
  }

  private void isToldOf(String verb, String call) throws Exception {
    Path coffer = runtime().binary().resolveSibling("coffer");
    assumeCoffer();
    try (Container container = prepared(verb)) {
      long engine = engine(coffer);
      Path log = workspace().directory().resolve("strace-" + verb + "-" + call);
      Process strace = attach(engine, call, log, container);
      Result result;
      try {
        result = runtime().run(words(verb, container.id()).toArray(String[]::new));
      } finally {
        strace.destroy();
        assertThat(strace.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
      boolean hasHit = Files.readString(log).contains("(INJECTED)");
      hits += hasHit ? 1 : 0;
      if (result.exitCode() == 0) {
        hasDoneIt(verb, container);
      } else {
        result.fails("cannot ", container.id());
        assertThat(result.err().lines()).as("one line: %s", result).hasSize(1);
        assertThat(hasHit).as("a reason for %s", result).isTrue();
      }
      assertThat(engine(coffer)).as("the engine that was struck").isEqualTo(engine);
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
    switch (verb) {
      case "resume" -> container.verb("pause").ok();
      case "delete" -> {
        container.kill("KILL").ok();
        container.awaitStatus("stopped");
      }
      default -> {}
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

  /** Strace on all threads of the engine, for what they do to files of this container. */
  private Process attach(long engine, String call, Path log, Container container)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", log.toString()));
    words.addAll(List.of("-p", Long.toString(engine), "-e", "trace=" + call));
    words.addAll(List.of("-e", "inject=" + call + ":error=EIO:when=1"));
    Path state = runtime().root().resolve(container.id());
    for (Path file :
        List.of(
            state,
            state.resolve("state.json"),
            state.resolve("config.json"),
            state.resolve("report"),
            state.resolve("start"),
            Path.of("/sys/fs/cgroup/freezer", container.id(), "freezer.state"),
            Path.of("/sys/fs/cgroup/pids", container.id(), "pids.max"))) {
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

  private static long engine(Path coffer) throws Exception {
    Process status =
        new ProcessBuilder(coffer.toString(), "engine", "status", "--format", "{{.Pid}}").start();
    String pid = new String(status.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(status.waitFor()).as("engine status").isZero();
    return Long.parseLong(pid.strip());
  }
}
