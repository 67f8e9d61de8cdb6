package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The verbs around a container's life: list, ps, pause, resume, update, events, spec. */
class VerbIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TestFactory
  Stream<DynamicNode> listing() {
    return Stream.of(
        group(
            "list",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "the table has a line for it",
                        () ->
                            assertThat(runtime().run("list").ok().lines())
                                .anyMatch(
                                    line ->
                                        line.startsWith(container.id())
                                            && line.contains(Long.toString(container.pid()))
                                            && line.contains("running"))),
                    check(
                        "-q has its id alone",
                        () ->
                            assertThat(runtime().run("list", "-q").ok().lines())
                                .contains(container.id())),
                    check(
                        "-f json has its state",
                        () ->
                            assertThat(runtime().run("list", "-f", "json").ok().out())
                                .startsWith("[{")
                                .contains("\"id\":\"" + container.id() + "\"")))));
  }

  @TestFactory
  Stream<DynamicNode> processes() {
    return Stream.of(
        group(
            "ps",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "--format json has pids as the host has them",
                        () ->
                            assertThat(container.verb("ps", "--format", "json").ok().out().strip())
                                .startsWith("[")
                                .contains(Long.toString(container.pid()))),
                    check(
                        "the table is that of ps, with its processes alone",
                        () -> {
                          List<String> lines = container.verb("ps").ok().lines();
                          assertThat(lines.getFirst()).startsWith("UID ");
                          assertThat(lines.subList(1, lines.size()))
                              .isNotEmpty()
                              .allMatch(line -> line.contains("sh") || line.contains("sleep"));
                        }),
                    check(
                        "options are those of ps",
                        () -> {
                          List<String> lines =
                              runtime().run("ps", container.id(), "-o", "pid,comm").ok().lines();
                          assertThat(lines.getFirst().strip()).matches("PID +COMMAND");
                          assertThat(lines).hasSizeGreaterThan(1);
                        }))));
  }

  @TestFactory
  Stream<DynamicNode> pausing() {
    return Stream.of(
        group(
            "pause and resume",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check("resume of what runs fails", () -> container.verb("resume").fails()),
                    check(
                        "pause stops it",
                        () -> {
                          container.verb("pause").ok();
                          assertThat(container.status()).isEqualTo("paused");
                          assertThat(frozen(container)).isTrue();
                        }),
                    check("pause again fails", () -> container.verb("pause").fails()),
                    check("exec is refused", () -> container.exec("true").exits(255)),
                    check(
                        "resume lets it go on",
                        () -> {
                          container.verb("resume").ok();
                          assertThat(container.status()).isEqualTo("running");
                          assertThat(frozen(container)).isFalse();
                          container.exec("true").ok();
                        }))));
  }

  @TestFactory
  Stream<DynamicNode> updating() {
    return Stream.of(
        group(
            "update",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    update(
                        container,
                        "memory and swap",
                        List.of("--memory", "33554432", "--memory-swap", "50331648"),
                        "memory",
                        "memory.limit_in_bytes",
                        "33554432"),
                    update(
                        container,
                        "more of both",
                        List.of("--memory", "67108864", "--memory-swap", "83886080"),
                        "memory",
                        "memory.limit_in_bytes",
                        "67108864"),
                    update(
                        container,
                        "less of both",
                        List.of("--memory", "16777216", "--memory-swap", "25165824"),
                        "memory",
                        "memory.memsw.limit_in_bytes",
                        "25165824"),
                    update(
                        container,
                        "a quota",
                        List.of("--cpu-period", "50000", "--cpu-quota", "25000"),
                        "cpu",
                        "cpu.cfs_quota_us",
                        "25000"),
                    update(
                        container,
                        "shares",
                        List.of("--cpu-share", "512"),
                        "cpu",
                        "cpu.shares",
                        "512"),
                    update(
                        container,
                        "processes",
                        List.of("--pids-limit", "20"),
                        "pids",
                        "pids.max",
                        "20"),
                    update(
                        container,
                        "any number of processes",
                        List.of("--pids-limit=-1"),
                        "pids",
                        "pids.max",
                        "max"),
                    update(
                        container,
                        "CPUs",
                        List.of("--cpuset-cpus", "0"),
                        "cpuset",
                        "cpuset.cpus",
                        "0"),
                    check(
                        "from standard input",
                        () -> {
                          runtime()
                              .runWithInput(
                                  "{\"pids\":{\"limit\":30},\"cpu\":{\"shares\":0}}",
                                  "update",
                                  "--resources",
                                  "-",
                                  container.id())
                              .ok();
                          assertThat(limit(container, "pids", "pids.max")).isEqualTo("30");
                          assertThat(limit(container, "cpu", "cpu.shares")).isEqualTo("512");
                        }),
                    check(
                        "what is no number is refused",
                        () -> container.verb("update", "--cpu-share", "many").fails()))));
  }

  private static DynamicNode update(
      Container container,
      String name,
      List<String> flags,
      String controller,
      String file,
      String expected) {
    return check(
        name,
        () -> {
          container.verb("update", flags.toArray(String[]::new)).ok();
          assertThat(limit(container, controller, file)).isEqualTo(expected);
        });
  }

  @TestFactory
  Stream<DynamicNode> events() {
    return Stream.of(
        group(
            "events",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "--stats tells once what is used",
                        () -> {
                          Tree event = Tree.parse(container.verb("events", "--stats").ok().out());
                          assertThat(event.text("type")).isEqualTo("stats");
                          assertThat(event.text("id")).isEqualTo(container.id());
                          assertThat(event.number("data.pids.current")).isPositive();
                          assertThat(event.number("data.memory.usage.usage")).isPositive();
                          assertThat(event.number("data.cpu.usage.total")).isPositive();
                        }),
                    check(
                        "each interval tells again, until the container is gone",
                        () -> {
                          OciRuntime.Running events =
                              runtime().start("events", "--interval", "100ms", container.id());
                          WaitFor.condition(
                              "two events",
                              PATIENCE,
                              () -> events.result().out().lines().count() >= 2);
                          container.verb("delete", "--force").ok();
                          assertThat(events.finish().ok().lines())
                              .allMatch(line -> line.startsWith("{\"type\":\"stats\""));
                        }))));
  }

  @TestFactory
  Stream<DynamicNode> runningOutOfMemory() {
    return Stream.of(
        check(
            "an event tells that memory ran out",
            () -> {
              try (Container container =
                  container(
                      bundle ->
                          bundle
                              .set("linux.resources.memory.limit", 16 << 20)
                              .set("linux.resources.memory.swap", 16 << 20)
                              .shell(
                                  "trap 'x=$(cat /dev/zero | head -c 60000000 | tail -c 50000000)' USR1;"
                                      + "trap 'exit 0' TERM; while :; do sleep 1 & wait; done"))) {
                container.started();
                OciRuntime.Running events =
                    runtime().start("events", "--interval", "1h", container.id());
                WaitFor.condition("watching", PATIENCE, () -> watches(events));
                container.kill("USR1").ok();
                WaitFor.condition(
                    "an event", PATIENCE, () -> events.result().out().contains("\"oom\""));
                container.verb("delete", "--force").ok();
                events.finish().ok();
              }
            }));
  }

  /** Whoever watches has been given a moment; there is nothing outside that would show it. */
  private static boolean watches(OciRuntime.Running events) {
    return events
        .process()
        .info()
        .startInstant()
        .map(start -> start.plusSeconds(1).isBefore(java.time.Instant.now()))
        .orElse(true);
  }

  @TestFactory
  Stream<DynamicNode> spec() {
    return Stream.of(
        check(
            "spec writes a config that runs, and never over another",
            () -> {
              Bundle bundle = workspace().bundle();
              String directory = bundle.directory().toString();
              runtime().run("spec", "--bundle", directory).ok();
              Tree config = Tree.parse(Files.readString(bundle.directory().resolve("config.json")));
              assertThat(config.text("root.path")).isEqualTo("rootfs");
              runtime().run("spec", "--bundle", directory).fails();
              config.set("process.terminal", false);
              config.set("process.args", List.of("/bin/echo", "from the template"));
              Files.writeString(bundle.directory().resolve("config.json"), config.write());
              String id = workspace().prefix() + "-spec";
              assertThat(runtime().run("run", "--bundle", directory, id).ok().line())
                  .isEqualTo("from the template");
            }));
  }

  private static boolean frozen(Container container) {
    return limit(container, "freezer", "freezer.state").equals("FROZEN");
  }

  /** A file of the container's cgroup of version 1, or what it is called in version 2. */
  private static String limit(Container container, String controller, String file) {
    String path =
        Leftovers.read(container.proc().resolve("cgroup"))
            .lines()
            .map(line -> line.split(":", 3))
            .filter(parts -> List.of(parts[1].split(",", -1)).contains(controller))
            .map(parts -> parts[2])
            .findFirst()
            .orElseThrow(() -> new AssertionError("this suite looks at limits in version 1"));
    try {
      return Files.readString(Path.of("/sys/fs/cgroup", controller, path, file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
