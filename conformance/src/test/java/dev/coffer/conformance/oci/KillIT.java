package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** {@code kill}: signals by every spelling, to the first process and to all. */
class KillIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Signals by every spelling, told by the shell's traps. */
  @TestFactory
  Stream<DynamicNode> signals() {
    Map<String, Integer> numbers =
        Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "USR1", 10, "USR2", 12, "TERM", 15, "CONT", 18, "WINCH",
            28);
    String traps =
        numbers.keySet().stream()
            .sorted()
            .map(name -> "trap 'echo got " + name + " $((n=n+1))' " + name + ";")
            .reduce("n=0;", String::concat);
    return Stream.of(
        group(
            "signals",
            () -> {
              Container container =
                  container(b -> b.shell(traps + " echo up; while :; do sleep 1000 & wait; done"))
                      .started();
              return container.awaitOutput("up");
            },
            container -> {
              int[] count = {0};
              return numbers.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .flatMap(
                      signal ->
                          Stream.of(
                                  signal.getKey(), "SIG" + signal.getKey(), "" + signal.getValue())
                              .map(
                                  spelling ->
                                      check(
                                          "kill " + spelling,
                                          () -> {
                                            container.kill(spelling).ok();
                                            container.awaitOutput(
                                                "got " + signal.getKey() + " " + ++count[0] + "\n");
                                          })));
            }),
        group(
            "signals that nobody knows",
            () -> started(b -> {}),
            container ->
                Stream.of("NOSUCH", "SIGNOSUCH", "999", "-1")
                    .map(
                        name ->
                            check(
                                "\"" + name + "\"",
                                () -> {
                                  container.kill(name).fails();
                                  assertThat(container.status()).isEqualTo("running");
                                }))),
        check(
            "the default is TERM",
            () -> {
              try (Container container =
                  container(
                          b ->
                              b.shell(
                                  "trap 'echo term; exit 3' TERM; echo up; while :; do sleep 1000 & wait; done"))
                      .started()
                      .awaitOutput("up")) {
                container.verb("kill").ok();
                container.awaitOutput("term").awaitStatus("stopped");
              }
            }),
        check(
            "--all reaches every process",
            () -> {
              String child =
                  "(trap 'echo child' USR1; echo up1; while :; do sleep 1000 & wait; done) &";
              try (Container container =
                  container(
                          b ->
                              b.shell(
                                  child
                                      + " trap 'echo parent' USR1; echo up2; while :; do sleep 1000 & wait; done"))
                      .started()) {
                container.awaitOutput("up1").awaitOutput("up2");
                runtime().run("kill", "--all", container.id(), "USR1").ok();
                container.awaitOutput("child").awaitOutput("parent");
              }
            }),
        check(
            "--all reaches those that are born meanwhile",
            () -> {
              // Each process starts the next and ends: a list of them is old when it is read.
              String chains = "hop() { hop & }; for i in $(seq 20); do hop; done;";
              try (Container container =
                  container(
                          b ->
                              b.set("linux.resources.pids.limit", 2000)
                                  .shell(
                                      "trap 'echo term' TERM; "
                                          + chains
                                          + " echo up; while :; do sleep 1000 & wait; done"))
                      .started()
                      .awaitOutput("up")) {
                Path processes = container.cgroup("pids").resolve("cgroup.procs");
                assertThat(Leftovers.read(processes).lines()).hasSizeGreaterThan(10);
                runtime().run("kill", "--all", container.id(), "TERM").ok();
                container.awaitOutput("term");
                WaitFor.condition(
                    "only the shell and its sleep are left",
                    PATIENCE,
                    () -> Leftovers.read(processes).lines().count() <= 2);
              }
            }),
        check(
            "the end of the first process is the end of all, without a pid namespace too",
            () -> {
              Container container =
                  container(
                      b ->
                          b.withoutNamespace("pid")
                              .shell("sleep 1000 & echo $! > /tmp/pid; exit 0"));
              container.run().exits(0);
              container.leftovers().assertNone();
              assertThat(Files.readString(container.bundle().rootfs().resolve("tmp/pid")))
                  .isNotBlank();
            }),
        check(
            "what is frozen further down ends, too",
            Deviation.FROZEN_BELOW,
            () -> {
              Container container =
                  container(b -> b.shell("sleep 1000 & echo $! up; wait")).started();
              try (container) {
                Path own = container.awaitOutput("up").cgroup("freezer");
                Path below = Files.createDirectory(own.resolve("below"));
                long first = container.pid();
                String child =
                    Leftovers.read(own.resolve("cgroup.procs"))
                        .lines()
                        .filter(pid -> Long.parseLong(pid) != first)
                        .findFirst()
                        .orElseThrow();
                Files.writeString(below.resolve("cgroup.procs"), child);
                Files.writeString(below.resolve("freezer.state"), "FROZEN");
                try {
                  container.kill("KILL").ok();
                  container.awaitStatus("stopped");
                } finally {
                  Files.writeString(below.resolve("freezer.state"), "THAWED");
                }
              }
            }),
        check(
            "delete --force ends what ignores TERM",
            () -> {
              try (Container container =
                  container(
                          b ->
                              b.shell(
                                  "trap '' TERM HUP INT; echo up; while :; do sleep 1000; done"))
                      .started()
                      .awaitOutput("up")) {
                container.verb("delete", "--force").ok();
                container.leftovers().assertNone();
              }
            }));
  }
}
