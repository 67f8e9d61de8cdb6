package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** States, what is refused in which of them, and how a container ends. */
class LifecycleIT extends OciSuite {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** States by name, and how a container gets there. */
  private enum Stage {
    NONE,
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED;

    void reach(Container container) {
      if (this == NONE) {
        return;
      }
      container.create().ok();
      if (this != CREATED) {
        container.start().ok();
      }
      if (this == PAUSED) {
        container.verb("pause").ok();
      }
      if (this == STOPPED) {
        container.kill("KILL").ok();
        container.awaitStatus("stopped");
      }
    }
  }

  @TestFactory
  Stream<DynamicNode> states() {
    return Stream.of(
        group(
            "states",
            () -> {
              Container container = container(Bundle::stays);
              container.create().ok();
              return container;
            },
            container -> {
              long pid = container.pid();
              Path proc = container.proc();
              List<DynamicNode> nodes = new ArrayList<>();
              nodes.add(
                  check("created", () -> assertThat(container.status()).isEqualTo("created")));
              nodes.add(
                  check(
                      "the process is there and is not the program",
                      () ->
                          assertThat(Leftovers.read(proc.resolve("cmdline")))
                              .isNotEmpty()
                              .doesNotContain("while :")));
              nodes.add(
                  check(
                      "it is the caller's child, or init's",
                      () ->
                          assertThat(parent(proc))
                              .isIn(1L, ProcessHandle.current().pid(), reaper())));
              nodes.add(
                  check(
                      "its namespaces are ready",
                      () ->
                          assertThat(Files.readSymbolicLink(proc.resolve("ns/net")))
                              .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")))));
              nodes.add(check("start", () -> container.start().ok()));
              nodes.add(
                  check("running", () -> assertThat(container.status()).isEqualTo("running")));
              nodes.add(check("of the same pid", () -> assertThat(container.pid()).isEqualTo(pid)));
              nodes.add(
                  check(
                      "the process is the program",
                      () ->
                          WaitFor.condition(
                              "program",
                              PATIENCE,
                              () -> Leftovers.read(proc.resolve("cmdline")).contains("while :"))));
              nodes.add(check("pause", () -> container.verb("pause").ok()));
              nodes.add(check("paused", () -> assertThat(container.status()).isEqualTo("paused")));
              nodes.add(check("frozen", () -> assertThat(freezer(container)).isEqualTo("FROZEN")));
              nodes.add(check("resume", () -> container.verb("resume").ok()));
              nodes.add(
                  check(
                      "running again", () -> assertThat(container.status()).isEqualTo("running")));
              nodes.add(check("thawed", () -> assertThat(freezer(container)).isEqualTo("THAWED")));
              nodes.add(check("kill", () -> container.kill("KILL").ok()));
              nodes.add(check("stopped", () -> container.awaitStatus("stopped")));
              nodes.add(
                  check(
                      "the process is gone",
                      () ->
                          WaitFor.condition(
                              "gone",
                              PATIENCE,
                              () ->
                                  !Leftovers.read(proc.resolve("stat"))
                                      .matches("(?s).*\\) [^ZX] .*"))));
              nodes.add(check("delete", () -> container.verb("delete").ok()));
              nodes.add(check("no state", () -> container.verb("state").fails()));
              return nodes.stream();
            }));
  }

  private static String freezer(Container container) {
    return Leftovers.read(container.cgroup("freezer").resolve("freezer.state")).strip();
  }

  private static long parent(Path proc) {
    String stat = Leftovers.read(proc.resolve("stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 4).split(" ")[0]);
  }

  /** Who adopts orphans of this process: a subreaper above, or init. */
  private static long reaper() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L);
  }

  @TestFactory
  Stream<DynamicNode> stateFields() {
    return Stream.of(
        group(
            "state",
            () ->
                started(
                    b -> b.set("annotations/org.example.a", "1").set("annotations/b", "two words")),
            container -> {
              Tree state = container.state();
              Path init = Path.of("/proc", state.text("pid"));
              return Stream.of(
                  check(
                      "ociVersion",
                      () -> assertThat(state.text("ociVersion")).matches("1\\.\\d+\\.\\d+.*")),
                  check("id", () -> assertThat(state.text("id")).isEqualTo(container.id())),
                  check("status", () -> assertThat(state.text("status")).isEqualTo("running")),
                  check(
                      "bundle",
                      () ->
                          assertThat(state.text("bundle"))
                              .isEqualTo(container.bundle().directory().toString())),
                  check(
                      "rootfs",
                      () ->
                          assertThat(state.text("rootfs"))
                              .isEqualTo(container.bundle().rootfs().toString())),
                  check(
                      "created is a time",
                      () ->
                          assertThat(java.time.Instant.parse(state.text("created")))
                              .isBetween(
                                  java.time.Instant.now().minusSeconds(60),
                                  java.time.Instant.now())),
                  check("owner", () -> assertThat(state.at("owner")).isEqualTo("")),
                  check(
                      "annotations",
                      () ->
                          assertThat(state.at("annotations"))
                              .isEqualTo(Map.of("org.example.a", "1", "b", "two words"))),
                  check(
                      "the pid is that of the first process",
                      () ->
                          assertThat(Leftovers.read(init.resolve("status")))
                              .containsPattern("NSpid:\t" + state.text("pid") + "\t1\n")));
            }));
  }

  @TestFactory
  Stream<DynamicNode> configs() {
    return Stream.of(
        check(
            "what becomes of config.json after create is of no account",
            () -> {
              try (Container container = container(b -> b.shell("echo first"))) {
                container.create().ok();
                container.bundle().write("{}");
                container.start().ok();
                container.awaitOutput("first").awaitStatus("stopped");
                container.verb("delete").ok();
              }
            }));
  }

  /** What is refused in each state, and that the state is the same afterwards. */
  @TestFactory
  Stream<DynamicNode> refusedInTheWrongState() {
    Map<Stage, List<String>> refused =
        Map.of(
            Stage.NONE,
                List.of(
                    "start",
                    "kill",
                    "delete",
                    "exec",
                    "pause",
                    "resume",
                    "update",
                    "ps",
                    "events --stats",
                    "state"),
            Stage.CREATED, List.of("create", "resume"),
            Stage.RUNNING, List.of("create", "start", "delete", "resume"),
            Stage.PAUSED, List.of("create", "start", "delete", "exec", "pause"),
            Stage.STOPPED, List.of("create", "start", "exec", "pause", "resume", "kill"));
    return Stream.of(Stage.values())
        .map(
            stage ->
                group(
                    stage.name(),
                    () -> {
                      Container container = container(Bundle::stays);
                      stage.reach(container);
                      return container;
                    },
                    container ->
                        refused.get(stage).stream()
                            .flatMap(
                                verb ->
                                    Stream.of(
                                        check(
                                            verb + " is refused",
                                            () -> attempt(container, verb).fails()),
                                        check(
                                            stage + " after " + verb,
                                            () -> assertIs(container, stage))))));
  }

  private Result attempt(Container container, String verb) {
    return switch (verb) {
      case "create" ->
          runtime()
              .run("create", "--bundle", container.bundle().directory().toString(), container.id());
      case "exec" -> container.exec("true");
      case "kill" -> container.kill("TERM");
      case "update" -> container.verb("update", "--pids-limit", "20");
      case "events --stats" -> container.verb("events", "--stats");
      default -> container.verb(verb);
    };
  }

  private static void assertIs(Container container, Stage stage) {
    if (stage == Stage.NONE) {
      assertThat(container.verb("state").exitCode()).isNotZero();
      assertThat(container.leftovers().find()).isEmpty();
    } else {
      assertThat(container.status()).isEqualTo(stage.name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  @TestFactory
  Stream<DynamicNode> allowedInTheState() {
    return Stream.of(
        allowed(Stage.CREATED, "kill", container -> container.kill("KILL")),
        allowed(Stage.CREATED, "ps", container -> container.verb("ps")),
        allowed(
            Stage.CREATED, "update", container -> container.verb("update", "--pids-limit", "20")),
        allowed(Stage.RUNNING, "events", container -> container.verb("events", "--stats")),
        allowed(Stage.PAUSED, "kill", container -> container.kill("KILL")),
        allowed(Stage.PAUSED, "ps", container -> container.verb("ps")),
        allowed(Stage.PAUSED, "state", container -> container.verb("state")),
        allowed(Stage.STOPPED, "state", container -> container.verb("state")),
        allowed(Stage.STOPPED, "delete", container -> container.verb("delete")),
        allowed(Stage.NONE, "delete --force", container -> container.verb("delete", "--force")),
        allowed(Stage.CREATED, "delete --force", container -> container.verb("delete", "--force")),
        allowed(Stage.RUNNING, "delete --force", container -> container.verb("delete", "--force")),
        allowed(Stage.PAUSED, "delete --force", container -> container.verb("delete", "--force")),
        allowed(Stage.STOPPED, "delete --force", container -> container.verb("delete", "--force")));
  }

  private DynamicNode allowed(
      Stage stage, String verb, java.util.function.Function<Container, Result> act) {
    return check(
        stage + ": " + verb,
        () -> {
          try (Container container = container(Bundle::stays)) {
            stage.reach(container);
            act.apply(container).ok();
            if (verb.startsWith("delete")) {
              assertThat(
                      container.leftovers().find().stream()
                          .filter(left -> !left.startsWith("process")))
                  .isEmpty();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicNode> ids() {
    List<DynamicNode> nodes = new ArrayList<>();
    for (String id :
        List.of("", ".", "..", "a/b", "../escape", "/abs", "a b", "a\nb", "ä", "a*b", "a$b")) {
      nodes.add(
          check(
              "refused: \"" + id.replace("\n", "\\n") + "\"",
              () -> {
                Bundle bundle = workspace().bundle().write();
                runtime().run("create", "--bundle", bundle.directory().toString(), id).fails();
                try (Stream<Path> state = Files.list(runtime().root())) {
                  assertThat(state.map(Path::getFileName).map(Path::toString))
                      .noneMatch(name -> !name.startsWith(workspace().prefix()));
                }
              }));
    }
    for (String suffix : List.of("A-Z", "x_y", "x.y", "x+y", "0", "-")) {
      nodes.add(
          check(
              "allowed: …" + suffix,
              () -> {
                String id = workspace().prefix() + suffix;
                Bundle bundle = workspace().bundle().args("true").write();
                runtime().run("run", "--bundle", bundle.directory().toString(), id).ok();
              }));
    }
    return nodes.stream();
  }

  @TestFactory
  Stream<DynamicNode> exitCodes() {
    return Stream.concat(
        IntStream.of(0, 1, 2, 42, 126, 127, 128, 137, 255)
            .mapToObj(
                code ->
                    check(
                        "run exits with " + code,
                        () -> run(b -> b.shell("exit " + code)).exits(code))),
        Stream.of("KILL", "TERM", "USR1", "HUP")
            .map(
                signal ->
                    check(
                        "run of a process that dies of " + signal,
                        () -> {
                          Container container =
                              container(
                                  b ->
                                      b.shell(
                                          signal.equals("KILL")
                                              ? "echo up; while :; do sleep 1; done"
                                              : "trap 'trap - "
                                                  + signal
                                                  + "; exit 9' "
                                                  + signal
                                                  + "; echo up; while :; do sleep 1000 & wait; done"));
                          OciRuntime.Running running = container.born("run");
                          container.awaitOutput("up");
                          container.kill(signal).ok();
                          running.finish().exits(signal.equals("KILL") ? 137 : 9);
                          container.leftovers().assertNone();
                        })));
  }

  @TestFactory
  Stream<DynamicNode> run() throws IOException {
    Path pidFile = workspace().directory().resolve("run.pid");
    return Stream.of(
        group(
            "run --detach",
            () -> {
              Container container = container(Bundle::stays);
              container.run("--detach", "--pid-file", pidFile.toString()).ok();
              return container;
            },
            container ->
                Stream.of(
                    check("it runs", () -> assertThat(container.status()).isEqualTo("running")),
                    check(
                        "the pid file has its pid, and nothing else",
                        () ->
                            assertThat(Files.readString(pidFile)).isEqualTo("" + container.pid())),
                    check(
                        "none of the runtime stays",
                        () ->
                            assertThat(
                                    ProcessHandle.current()
                                        .children()
                                        .filter(
                                            child ->
                                                child
                                                    .info()
                                                    .command()
                                                    .orElse("")
                                                    .equals(runtime().binary().toString())))
                                .isEmpty()))),
        group(
            "create --pid-file",
            () -> {
              Container container = container(Bundle::stays);
              container.create("--pid-file", pidFile + "2").ok();
              return container;
            },
            container ->
                Stream.of(
                    check(
                        "the pid file",
                        () ->
                            assertThat(Files.readString(Path.of(pidFile + "2")))
                                .isEqualTo("" + container.pid())))),
        group(
            "run --keep",
            () -> {
              Container container = container(b -> b.shell("exit 3"));
              container.run("--keep").exits(3);
              return container;
            },
            container ->
                Stream.of(
                    check(
                        "it is there and stopped",
                        () -> assertThat(container.status()).isEqualTo("stopped")),
                    check("delete", () -> container.verb("delete").ok()))),
        check(
            "delete of what has ended leaves alone who has its cgroup now",
            () -> {
              String path = "/" + workspace().prefix() + "-shared";
              Container ended = container(b -> b.args("true").set("linux.cgroupsPath", path));
              ended.create().ok();
              ended.start().ok();
              ended.awaitStatus("stopped");
              try (Container next = started(b -> b.set("linux.cgroupsPath", path))) {
                // The older runc fails for the cgroup that it cannot remove.
                assertThat(ended.verb("delete").exitCode()).isIn(0, 1);
                assertThat(next.status()).isEqualTo("running");
              }
              ended.close();
            }),
        check(
            "run leaves no state",
            () -> {
              Container container = container(b -> b.args("true"));
              container.run().ok();
              container.leftovers().assertNone();
              container.verb("state").fails();
            }),
        check(
            "a failed run leaves nothing",
            () -> {
              Container container = container(b -> b.args("/no/such"));
              container.run().fails();
              container.leftovers().assertNone();
            }),
        check(
            "a second run of the same id while the first is there",
            () -> {
              try (Container first = started(b -> {})) {
                first.run().fails("exist");
                assertThat(first.status()).isEqualTo("running");
              }
            }),
        check(
            "no zombie is left of a run",
            () -> {
              run(b -> b.shell("(sleep 0.01 &) ; (true &) ; sleep 0.05")).ok();
              assertThat(
                      ProcessHandle.current()
                          .descendants()
                          .filter(
                              handle ->
                                  Leftovers.read(Path.of("/proc", "" + handle.pid(), "stat"))
                                      .contains(") Z ")))
                  .isEmpty();
            }));
  }

  @TestFactory
  Stream<DynamicNode> keyrings() {
    String count = "grep -c ' keyring *_ses.%s' /proc/keys";
    return Stream.of(
        check(
            "a session keyring of its own",
            () -> {
              Container container = container(b -> b.set("linux.maskedPaths", List.of()));
              container.bundle().shell("grep _ses /proc/keys");
              assertThat(container.run().ok().out()).as(count).contains(container.id());
            }),
        check(
            "--no-new-keyring makes none",
            () -> {
              Container container = container(b -> b.set("linux.maskedPaths", List.of()));
              container.bundle().shell("cat /proc/keys");
              assertThat(container.run("--no-new-keyring").ok().out())
                  .doesNotContain(container.id());
            }));
  }
}
