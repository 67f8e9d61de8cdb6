package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * A system call that fails, or a process that dies at one: a command says in one line what failed,
 * or has done what it says; {@code delete --force} takes away what is left, and the id is free.
 *
 * <p>For Coffer alone: it strikes at the processes that Coffer makes.
 */
class FaultIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What the container's program sees of what was set up for it; any step left out would show. */
  private static final String PROGRAM =
      """
      /bin/busybox grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups|Uid|Sig(Ign|Blk))' /proc/self/status
      /bin/busybox wc -l < /proc/self/mountinfo
      /bin/busybox hostname
      cat /sys/fs/cgroup/no-such /proc/keys 2>/dev/null
      ls /proc/self/fd /dev
      echo ready
      """;

  private static final String END = "ready\n";

  /** A command, what has to be there for it, and what it has done when it says that it has. */
  private enum Verb {
    CREATE(1),
    RUN(2),
    EXEC(2),
    START(4),
    KILL(5),
    PAUSE(5),
    RESUME(5),
    UPDATE(5),
    STATE(2),
    DELETE(4);

    /** It takes a fault of each so manieth kind of call: what all verbs share needs no more. */
    final int every;

    Verb(int every) {
      this.every = every;
    }
  }

  @TestFactory
  Stream<DynamicNode> failures() {
    return Stream.of(Verb.values()).map(verb -> faults(verb, Faults.ERRORS));
  }

  @TestFactory
  Stream<DynamicNode> deaths() {
    return Stream.of(Verb.CREATE, Verb.RUN, Verb.EXEC, Verb.START, Verb.DELETE)
        .map(verb -> faults(verb, Faults.KILLS));
  }

  private DynamicNode faults(Verb verb, List<String> whats) {
    return group(
        verb + " with " + whats,
        () -> {
          assumeCoffer();
          Path directory = directory(verb + "-" + whats.getFirst());
          Path log = directory.resolve("strace");
          String expected = undisturbed(verb, log);
          return Faults.sample(Faults.counts(log), verb.every, whats, directory).stream()
              .map(fault -> check(fault.toString(), () -> strike(verb, fault, expected)));
        });
  }

  private Path directory(String name) {
    try {
      return Files.createDirectory(workspace().directory().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the program of a container says with which nothing goes wrong. */
  private String undisturbed(Verb verb, Path log) {
    try (Container container = prepared(verb)) {
      OciRuntime.Running running = begin(verb, container, Faults.traced(log));
      running.finish().ok();
      return verb == Verb.EXEC || verb == Verb.RUN || verb == Verb.CREATE
          ? said(verb, container, running)
          : "";
    }
  }

  private void strike(Verb verb, Faults.Fault fault, String expected) {
    try (Container container = prepared(verb)) {
      OciRuntime.Running running = begin(verb, container, fault.wrapper());
      Result result = running.finish();
      if (result.exitCode() == 0 && !fault.mayHaveHitTheProgram()) {
        hasDoneIt(verb, container, running, expected);
      } else if (result.exitCode() != 0 && !fault.kills()) {
        result.fails();
        assertThat(result.err().lines()).as("one line: %s", result).hasSize(1);
        assertThat(fault.hasHit()).as("a reason for %s", result).isTrue();
      }
      runtime().run("delete", "--force", container.id()).ok();
      // Strace names the container, too: it has to have ended.
      container.leftovers().assertNone();
      container.run("--detach").ok();
    }
  }

  /** A container as the verb wants to find it. */
  private Container prepared(Verb verb) {
    Container container =
        container(
            b -> {
              b.set("linux.seccomp", Map.of("defaultAction", "SCMP_ACT_ALLOW"));
              b.shell(verb == Verb.RUN ? PROGRAM : PROGRAM + "exec sleep 1000\n");
              b.file("check", PROGRAM);
            });
    switch (verb) {
      case CREATE, RUN -> {}
      case START -> container.create().ok();
      case EXEC, KILL, PAUSE, UPDATE, STATE -> container.started();
      case RESUME -> {
        container.started();
        container.verb("pause").ok();
      }
      case DELETE -> {
        container.started();
        container.kill("KILL").ok();
        container.awaitStatus("stopped");
      }
    }
    return container;
  }

  private OciRuntime.Running begin(Verb verb, Container container, List<String> wrapper) {
    String id = container.id();
    container.bundle().write();
    List<String> words = new ArrayList<>();
    switch (verb) {
      case CREATE, RUN ->
          words.addAll(
              List.of(
                  verb == Verb.RUN ? "run" : "create",
                  "--bundle",
                  container.bundle().directory().toString(),
                  id));
      case EXEC -> words.addAll(List.of("exec", id, "/bin/sh", "/check"));
      case KILL -> words.addAll(List.of("kill", id, "KILL"));
      case UPDATE -> words.addAll(List.of("update", "--pids-limit", "77", id));
      case START -> words.addAll(List.of("start", id));
      case STATE -> words.addAll(List.of("state", id));
      case PAUSE -> words.addAll(List.of("pause", id));
      case RESUME -> words.addAll(List.of("resume", id));
      case DELETE -> words.addAll(List.of("delete", id));
    }
    return runtime().start("", wrapper, words);
  }

  private void hasDoneIt(
      Verb verb, Container container, OciRuntime.Running running, String expected) {
    switch (verb) {
      case CREATE -> {
        // What waits for start may end then, and what comes after it fail: delete tells of it.
        assertThat(container.status()).isIn("created", "stopped");
        String said = said(verb, container, running);
        if (said.isEmpty()) {
          Result delete = runtime().run("delete", "--force", container.id()).ok();
          assertThat(delete.err() + delete.log()).contains("had not started");
        } else {
          assertThat(said).isEqualTo(expected);
        }
      }
      case RUN, EXEC -> assertThat(said(verb, container, running)).isEqualTo(expected);
      case START, RESUME -> assertThat(container.status()).isEqualTo("running");
      case KILL -> container.awaitStatus("stopped");
      case PAUSE -> assertThat(container.status()).isEqualTo("paused");
      case UPDATE -> assertThat(container.cgroup("pids").resolve("pids.max")).hasContent("77");
      case STATE -> assertThat(running.result().out()).contains("\"running\"");
      case DELETE -> assertThat(container.verb("state").exitCode()).isNotZero();
    }
  }

  /** What the program says: all of it, or nothing where it could not be started. */
  private String said(Verb verb, Container container, OciRuntime.Running running) {
    if (verb == Verb.CREATE && container.start().exitCode() == 0) {
      WaitFor.condition(
          "the program of " + container.id(),
          PATIENCE,
          () -> running.result().out().endsWith(END) || container.status().equals("stopped"));
    }
    return running.result().out();
  }
}
