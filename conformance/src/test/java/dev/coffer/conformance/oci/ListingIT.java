package dev.coffer.conformance.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What a runtime prints: of containers, of itself, and into its log. */
class ListingIT extends OciSuite {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TestFactory
  Stream<DynamicNode> list() {
    return Stream.of(
        group(
            "list",
            () -> started(b -> b.set("annotations.of", "it")),
            container -> {
              Result table = runtime().run("list").ok();
              Result quiet = runtime().run("list", "--quiet").ok();
              Tree json =
                  new Tree(
                      Map.of(
                          "list",
                          Tree.parse(runtime().run("list", "--format", "json").ok().out()).root()));
              return Stream.of(
                  check(
                      "the table's head",
                      () ->
                          assertThat(table.lines().getFirst().split("\\s+"))
                              .containsExactly(
                                  "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER")),
                  check(
                      "its row",
                      () ->
                          assertThat(table.lines().get(1).split("\\s+"))
                              .startsWith(
                                  container.id(),
                                  "" + container.pid(),
                                  "running",
                                  container.bundle().directory().toString())),
                  check("one row", () -> assertThat(table.lines()).hasSize(2)),
                  check("--quiet", () -> assertThat(quiet.lines()).containsExactly(container.id())),
                  check(
                      "json: id",
                      () -> assertThat(json.text("list.0.id")).isEqualTo(container.id())),
                  check(
                      "json: pid",
                      () -> assertThat(json.number("list.0.pid")).isEqualTo(container.pid())),
                  check(
                      "json: status",
                      () -> assertThat(json.text("list.0.status")).isEqualTo("running")),
                  check(
                      "json: bundle",
                      () ->
                          assertThat(json.text("list.0.bundle"))
                              .isEqualTo(container.bundle().directory().toString())),
                  check(
                      "json: annotations",
                      () -> assertThat(json.text("list.0.annotations.of")).isEqualTo("it")),
                  check(
                      "an unknown format",
                      () -> runtime().run("list", "--format", "xml").fails("format")));
            }),
        group(
            "list of nothing",
            () ->
                Stream.of(
                    check(
                        "quiet",
                        () -> assertThat(runtime().run("list", "-q").ok().out()).isBlank()),
                    check(
                        "json",
                        () ->
                            assertThat(runtime().run("list", "-f", "json").ok().line())
                                .isIn("null", "[]")),
                    check(
                        "a root that is not there",
                        () -> {
                          OciRuntime other =
                              new OciRuntime(
                                  runtime().binary(),
                                  workspace().directory().resolve("no-root"),
                                  runtime().scratch());
                          assertThat(other.run("list", "-q").ok().out()).isBlank();
                        }))));
  }

  @TestFactory
  Stream<DynamicNode> ps() {
    return Stream.of(
        group(
            "ps",
            () -> container(b -> b.shell("sleep 1000 & echo up; wait")).started().awaitOutput("up"),
            container -> {
              List<String> inside =
                  Leftovers.read(container.cgroup("pids").resolve("cgroup.procs"))
                      .lines()
                      .sorted()
                      .toList();
              Result table = container.verb("ps").ok();
              return Stream.of(
                  check(
                      "json",
                      () ->
                          assertThat(container.verb("ps", "--format", "json").ok().line())
                              .isIn(
                                  inside.toString().replace(" ", ""),
                                  inside.reversed().toString().replace(" ", ""))),
                  check(
                      "table",
                      () ->
                          assertThat(table.lines().getFirst())
                              .contains("UID")
                              .contains("PID")
                              .contains("CMD")),
                  check(
                      "a row a process",
                      () -> assertThat(table.lines()).hasSize(inside.size() + 1)),
                  check(
                      "its rows",
                      () -> assertThat(inside).allMatch(pid -> table.out().contains(pid))),
                  check(
                      "options of ps",
                      () ->
                          assertThat(
                                  runtime()
                                      .run("ps", container.id(), "-o", "pid,comm")
                                      .ok()
                                      .lines()
                                      .getFirst()
                                      .split("\\s+"))
                              .contains("PID", "COMMAND")),
                  check(
                      "an unknown format",
                      () -> container.verb("ps", "--format", "xml").fails("format")));
            }));
  }

  @TestFactory
  Stream<DynamicNode> events() {
    long limit = 96L << 20;
    return Stream.of(
        group(
            "events --stats",
            // One process, so that its number is the same a moment later.
            () ->
                container(
                        b ->
                            b.args("sleep", "1000")
                                .set("linux.resources.memory.limit", limit)
                                .set("linux.resources.pids.limit", 44))
                    .started(),
            container -> {
              Tree stats = Tree.parse(container.verb("events", "--stats").ok().out());
              return Stream.of(
                  check("type", () -> assertThat(stats.text("type")).isEqualTo("stats")),
                  check("id", () -> assertThat(stats.text("id")).isEqualTo(container.id())),
                  check(
                      "memory.usage.limit",
                      () -> assertThat(stats.number("data.memory.usage.limit")).isEqualTo(limit)),
                  check(
                      "memory.usage.usage",
                      () ->
                          assertThat(stats.number("data.memory.usage.usage")).isBetween(1L, limit)),
                  check(
                      "pids.limit",
                      () -> assertThat(stats.number("data.pids.limit")).isEqualTo(44)),
                  check(
                      "pids.current",
                      () ->
                          assertThat(stats.number("data.pids.current"))
                              .isEqualTo(
                                  Leftovers.read(container.cgroup("pids").resolve("cgroup.procs"))
                                      .lines()
                                      .count())),
                  check(
                      "cpu.usage.total",
                      () -> assertThat(stats.number("data.cpu.usage.total")).isPositive()),
                  check(
                      "cpu.usage.percpu",
                      () ->
                          assertThat(stats.list("data.cpu.usage.percpu"))
                              .hasSize(Runtime.getRuntime().availableProcessors())),
                  check(
                      "cpu.throttling",
                      () -> assertThat(stats.at("data.cpu.throttling")).isNotNull()),
                  check(
                      "memory.raw",
                      () -> assertThat(stats.number("data.memory.raw.rss")).isNotNegative()),
                  check("blkio", () -> assertThat(stats.at("data.blkio")).isNotNull()));
            }),
        check(
            "events goes on, an object a line",
            () -> {
              try (Container container = started(b -> {})) {
                OciRuntime.Running events =
                    runtime().start("events", "--interval", "100ms", container.id());
                WaitFor.condition(
                    "three events", PATIENCE, () -> events.result().lines().size() > 3);
                events.process().destroy();
                events.finish();
                assertThat(events.result().lines().subList(0, 3))
                    .allSatisfy(
                        line -> assertThat(Tree.parse(line).text("type")).isEqualTo("stats"));
              }
            }));
  }

  @TestFactory
  Stream<DynamicNode> spec() {
    return Stream.of(
        group(
            "spec",
            () -> {
              Path directory = workspace().bundle().directory();
              Result result = runtime().run("spec", "--bundle", directory.toString());
              Tree config = Tree.parse(Leftovers.read(directory.resolve("config.json")));
              return Stream.of(
                  check("succeeds", result::ok),
                  check("ociVersion", () -> assertThat(config.text("ociVersion")).startsWith("1.")),
                  check(
                      "args", () -> assertThat(config.at("process.args")).isEqualTo(List.of("sh"))),
                  check("root", () -> assertThat(config.text("root.path")).isEqualTo("rootfs")),
                  check(
                      "namespaces",
                      () ->
                          assertThat(
                                  config.list("linux.namespaces").stream()
                                      .map(each -> each.text("type")))
                              .contains("pid", "network", "ipc", "uts", "mount")),
                  check(
                      "a second time it is refused",
                      () -> runtime().run("spec", "--bundle", directory.toString()).fails("exist")),
                  check(
                      "it runs",
                      () -> {
                        config.set("process.terminal", false);
                        config.set("process.args", List.of("echo", "of the spec"));
                        Bundle bundle = workspace().bundle().write(config.write());
                        assertThat(
                                runtime()
                                    .run(
                                        "run",
                                        "--bundle",
                                        bundle.directory().toString(),
                                        workspace().prefix() + "-spec")
                                    .ok()
                                    .line())
                            .isEqualTo("of the spec");
                      }));
            }),
        check(
            "spec --rootless has a user namespace",
            () -> {
              Path directory = workspace().bundle().directory();
              runtime().run("spec", "--rootless", "--bundle", directory.toString()).ok();
              Tree config = Tree.parse(Leftovers.read(directory.resolve("config.json")));
              assertThat(config.list("linux.namespaces").stream().map(each -> each.text("type")))
                  .contains("user");
              assertThat(config.list("linux.uidMappings")).hasSize(1);
            }));
  }

  /** What the runtime says it can do, against what the kernel and the suite know. */
  @TestFactory
  Stream<DynamicNode> features() {
    return Stream.of(
        group(
            "features",
            () -> {
              Tree features = Tree.parse(runtime().run("features").ok().out());
              List<DynamicNode> nodes = new ArrayList<>();
              nodes.add(
                  check(
                      "ociVersionMin",
                      () -> assertThat(features.text("ociVersionMin")).matches("1\\.0\\.\\d+.*")));
              nodes.add(
                  check(
                      "ociVersionMax",
                      () ->
                          assertThat(features.text("ociVersionMax")).matches("1\\.\\d+\\.\\d+.*")));
              nodes.add(
                  check(
                      "hooks",
                      () ->
                          assertThat(features.at("hooks"))
                              .isEqualTo(
                                  List.of(
                                      "prestart",
                                      "createRuntime",
                                      "createContainer",
                                      "startContainer",
                                      "poststart",
                                      "poststop"))));
              for (String option :
                  List.of(
                      "bind",
                      "rbind",
                      "ro",
                      "rro",
                      "nosuid",
                      "noexec",
                      "nodev",
                      "relatime",
                      "strictatime",
                      "rshared",
                      "rslave",
                      "rprivate",
                      "unbindable",
                      "tmpcopyup",
                      "nosymfollow")) {
                nodes.add(
                    check(
                        "mountOptions has " + option,
                        () -> assertThat(strings(features, "mountOptions")).contains(option)));
              }
              for (String type :
                  List.of("cgroup", "ipc", "mount", "network", "pid", "user", "uts")) {
                nodes.add(
                    check(
                        "namespaces has " + type,
                        () -> assertThat(strings(features, "linux.namespaces")).contains(type)));
              }
              nodes.add(
                  check(
                      "namespaces has time",
                      Deviation.TIME_NAMESPACE_FEATURE,
                      () -> assertThat(strings(features, "linux.namespaces")).contains("time")));
              for (String name :
                  List.of(
                      "CAP_CHOWN",
                      "CAP_SYS_ADMIN",
                      "CAP_BPF",
                      "CAP_PERFMON",
                      "CAP_CHECKPOINT_RESTORE")) {
                nodes.add(
                    check(
                        "capabilities has " + name,
                        () -> assertThat(strings(features, "linux.capabilities")).contains(name)));
              }
              for (String action :
                  List.of(
                      "ALLOW",
                      "ERRNO",
                      "KILL",
                      "KILL_PROCESS",
                      "KILL_THREAD",
                      "LOG",
                      "NOTIFY",
                      "TRACE",
                      "TRAP")) {
                nodes.add(
                    check(
                        "seccomp.actions has " + action,
                        () ->
                            assertThat(strings(features, "linux.seccomp.actions"))
                                .contains("SCMP_ACT_" + action)));
              }
              for (String operator : List.of("EQ", "NE", "GE", "GT", "LE", "LT", "MASKED_EQ")) {
                nodes.add(
                    check(
                        "seccomp.operators has " + operator,
                        () ->
                            assertThat(strings(features, "linux.seccomp.operators"))
                                .contains("SCMP_CMP_" + operator)));
              }
              nodes.add(
                  check(
                      "seccomp.archs",
                      () ->
                          assertThat(strings(features, "linux.seccomp.archs"))
                              .contains("SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64")));
              nodes.add(
                  check(
                      "seccomp.enabled",
                      () -> assertThat(features.at("linux.seccomp.enabled")).isEqualTo(true)));
              nodes.add(
                  check(
                      "cgroup.v1",
                      () -> assertThat(features.at("linux.cgroup.v1")).isEqualTo(true)));
              nodes.add(
                  check(
                      "cgroup.v2",
                      () -> assertThat(features.at("linux.cgroup.v2")).isEqualTo(true)));
              nodes.add(
                  check(
                      "apparmor is told",
                      () ->
                          assertThat(features.at("linux.apparmor.enabled"))
                              .isInstanceOf(Boolean.class)));
              nodes.add(
                  check(
                      "selinux is told",
                      () ->
                          assertThat(features.at("linux.selinux.enabled"))
                              .isInstanceOf(Boolean.class)));
              return nodes.stream();
            }));
  }

  private static List<String> strings(Tree tree, String path) {
    return ((List<?>) tree.at(path)).stream().map(String::valueOf).toList();
  }

  @TestFactory
  Stream<DynamicNode> log() {
    return Stream.of(
        group(
            "the log of a failure",
            () -> {
              Result result = run(b -> b.args("/no/such/program"));
              Tree last = Tree.parse(result.log().lines().reduce((_, line) -> line).orElse("{}"));
              return Stream.of(
                  check("it fails", () -> result.fails("/no/such/program")),
                  check("level", () -> assertThat(last.text("level")).isEqualTo("error")),
                  check("msg", () -> assertThat(last.text("msg")).contains("/no/such/program")),
                  check(
                      "time",
                      () ->
                          assertThat(java.time.Instant.parse(last.text("time")))
                              .isBefore(java.time.Instant.now().plusSeconds(1))),
                  check(
                      "standard error says it too",
                      () -> assertThat(result.err()).contains("/no/such/program")));
            }),
        check(
            "nothing is logged of a success",
            () -> assertThat(run(b -> b.args("true")).ok().log()).isBlank()),
        check(
            "text is the other format",
            () -> {
              Path log = workspace().directory().resolve("text.log");
              Process process =
                  new ProcessBuilder(
                          runtime().binary().toString(),
                          "--root",
                          runtime().root().toString(),
                          "--log",
                          log.toString(),
                          "--log-format",
                          "text",
                          "state",
                          "none")
                      .redirectErrorStream(true)
                      .start();
              assertThat(process.waitFor()).isNotZero();
              assertThat(Files.readString(log)).contains("level=error").contains("msg=");
            }),
        check(
            "--debug says more",
            () -> {
              Path log = workspace().directory().resolve("debug.log");
              Bundle bundle = workspace().bundle().args("true").write();
              Process process =
                  new ProcessBuilder(
                          runtime().binary().toString(),
                          "--root",
                          runtime().root().toString(),
                          "--debug",
                          "--log",
                          log.toString(),
                          "--log-format",
                          "json",
                          "run",
                          "--bundle",
                          bundle.directory().toString(),
                          workspace().prefix() + "-debug")
                      .redirectErrorStream(true)
                      .start();
              assertThat(process.waitFor()).isZero();
              assertThat(Files.readString(log)).contains("\"level\":\"debug\"");
            }),
        check(
            "--debug without a log says more on standard error",
            () -> {
              Bundle bundle = workspace().bundle().args("true").write();
              Process process =
                  new ProcessBuilder(
                          runtime().binary().toString(),
                          "--root",
                          runtime().root().toString(),
                          "--debug",
                          "run",
                          "--bundle",
                          bundle.directory().toString(),
                          workspace().prefix() + "-debug")
                      .redirectErrorStream(true)
                      .start();
              String said = new String(process.getInputStream().readAllBytes(), UTF_8);
              assertThat(process.waitFor()).isZero();
              assertThat(said).contains("level=debug msg=");
            }),
        check(
            "--version",
            () ->
                assertThat(runtime().run("--version").ok().out())
                    .containsPattern("version .*\\d")
                    .containsPattern("spec: 1\\.\\d")),
        check(
            "--help",
            () ->
                assertThat(runtime().run("--help").ok().out())
                    .contains("create")
                    .contains("start")
                    .contains("delete")),
        check(
            "an unknown verb", () -> assertThat(runtime().run("levitate").exitCode()).isNotZero()),
        check(
            "an unknown flag",
            () -> assertThat(runtime().run("state", "--levitate", "x").exitCode()).isNotZero()),
        check(
            "what is told of an unknown flag can be read",
            () ->
                assertThat(runtime().run("state", "--levitate", "x").err())
                    .contains("levitate")
                    .doesNotContain("\\x0a")));
  }
}
