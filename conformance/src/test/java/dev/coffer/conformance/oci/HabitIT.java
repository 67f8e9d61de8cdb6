package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What scripts, hooks and people have come to expect of a runtime, though no specification says it.
 */
class HabitIT extends OciSuite {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String WRONG_ORDER = "ONE=one";

  private final List<String> parents = new ArrayList<>();

  /** Options of a verb may stand behind the id. */
  @TestFactory
  Stream<DynamicNode> optionsBehindTheId() {
    return Stream.of(
        group(
            "options behind the id",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "update",
                        () -> {
                          runtime().run("update", container.id(), "--pids-limit", "77").ok();
                          assertThat(container.cgroup("pids").resolve("pids.max"))
                              .content()
                              .isEqualToIgnoringWhitespace("77");
                        }),
                    check(
                        "events",
                        () -> {
                          Result events = runtime().run("events", container.id(), "--stats").ok();
                          assertThat(events.lines()).hasSize(1);
                        }),
                    check(
                        "kill 0 only asks",
                        () -> {
                          container.kill("0").ok();
                          assertThat(container.status()).isEqualTo("running");
                        }),
                    check(
                        "delete",
                        () -> {
                          runtime().run("delete", container.id(), "--force").ok();
                          container.verb("state").fails("does not exist");
                        }))));
  }

  /** A file that is named by one of the caller's descriptors. */
  @TestFactory
  Stream<DynamicNode> callersDescriptors() {
    return Stream.of(
        group(
            "the caller's descriptors",
            () -> started(_ -> {}),
            container ->
                Stream.of("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
                    .flatMap(
                        name ->
                            Stream.of(
                                check(
                                    "exec --process " + name,
                                    () -> assertExecuted(container, List.of(), name)),
                                check(
                                    "exec --process " + name + ", a pipe",
                                    () ->
                                        assertExecuted(
                                            container,
                                            List.of("sh", "-c", "cat | \"$@\"", "sh"),
                                            name))))));
  }

  private void assertExecuted(Container container, List<String> wrapper, String name) {
    String process =
        """
        {"args": ["echo", "from a descriptor"], "cwd": "/", "env": ["PATH=/bin:/usr/bin"],
         "user": {"uid": 0, "gid": 0}}
        """;
    Result result =
        runtime()
            .start(process, wrapper, List.of("exec", "--process", name, container.id()))
            .finish()
            .ok();
    assertThat(result.line()).isEqualTo("from a descriptor");
  }

  /** Each variable once, a home, and hooks that have what their surroundings have. */
  @TestFactory
  Stream<DynamicNode> environment() {
    return Stream.of(
        check(
            "of a variable that is given twice the last counts",
            () ->
                assertThat(
                        run(b ->
                                b.set(
                                        "process.env",
                                        List.of(WRONG_ORDER, "ONE=two", "PATH=/bin:/usr/bin"))
                                    .args("env"))
                            .ok()
                            .lines())
                    .contains("ONE=two")
                    .doesNotContain(WRONG_ORDER)),
        inside(
            "an empty home is none",
            b -> b.set("process.env", List.of("HOME=", "PATH=/bin:/usr/bin")),
            "echo $HOME",
            "/root"),
        check(
            "a startContainer hook without an environment has the container's",
            () ->
                run(b ->
                        b.set("process.env", List.of(WRONG_ORDER, "PATH=/bin:/usr/bin"))
                            .add("hooks/startContainer", hook("test \"$ONE\" = one"))
                            .args("true"))
                    .ok()),
        check(
            "a createRuntime hook without an environment has the caller's",
            () -> {
              Path seen = workspace().directory().resolve("seen");
              Container container =
                  container(
                      b ->
                          b.add("hooks/createRuntime", hook("echo \"$MARK\" > " + seen))
                              .args("true"));
              container.bundle().write();
              runtime()
                  .start(
                      "",
                      List.of("env", "MARK=callers"),
                      List.of(
                          "run",
                          "--bundle",
                          container.bundle().directory().toString(),
                          container.id()))
                  .finish()
                  .ok();
              assertThat(seen).content().isEqualToIgnoringWhitespace("callers");
            }),
        check(
            "a hook's failure is told with its number",
            () ->
                run(b ->
                        b.add("hooks/createRuntime", hook("exit 0"))
                            .add("hooks/createRuntime", hook("exit 3"))
                            .args("true"))
                    .fails("hook #1")));
  }

  private static Map<String, Object> hook(String script) {
    return Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script));
  }

  /** The filter of a container holds for the hooks that run in its place. */
  @TestFactory
  Stream<DynamicNode> filteredHook() {
    return Stream.of(
        check(
            "a startContainer hook runs under the filter",
            () ->
                run(b ->
                        b.set("process.noNewPrivileges", true)
                            .set(
                                "linux.seccomp",
                                Map.of(
                                    "defaultAction",
                                    "SCMP_ACT_ALLOW",
                                    "syscalls",
                                    List.of(
                                        Map.of(
                                            "names",
                                            List.of("mkdir", "mkdirat"),
                                            "action",
                                            "SCMP_ACT_ERRNO"))))
                            .add("hooks/startContainer", hook("mkdir /tmp/made"))
                            .args("true"))
                    .fails("hook #0")));
  }

  /** Where the first process of a container is no pid namespace's, KILL is for all. */
  @TestFactory
  Stream<DynamicNode> killWithoutPidNamespace() {
    return Stream.of(
        check(
            "KILL ends all of a container without a pid namespace",
            Deviation.SHARED_PIDS,
            () -> assertAllKilled(false)),
        check(
            "KILL ends what the first process has left",
            Deviation.SHARED_PIDS,
            () -> assertAllKilled(true)));
  }

  private void assertAllKilled(boolean initIsGone) {
    try (Container container =
        container(b -> b.withoutNamespace("pid").shell("sleep 1000 & echo up; sleep 1001"))
            .started()
            .awaitOutput("up")) {
      Path group = container.cgroup("pids").resolve("cgroup.procs");
      if (initIsGone) {
        boolean ignored = ProcessHandle.of(container.pid()).orElseThrow().destroyForcibly();
        container.awaitStatus("stopped");
      }
      assertThat(Leftovers.read(group)).isNotBlank();
      container.kill("KILL").ok();
      WaitFor.condition("all have ended", PATIENCE, () -> Leftovers.read(group).isBlank());
      container.awaitStatus("stopped");
    }
  }

  /** Who has created a container reads its log, and nothing that the runtime says later. */
  @TestFactory
  Stream<DynamicNode> programsThatCannotBeExecuted() {
    return Stream.of(
        unfit("#!/no/such/interpreter\n", "exec /program: no such file or directory\n"),
        unfit("\u0001\u0002", "exec /program: exec format error\n"),
        unfit("#!/etc\n", "exec /program: permission denied\n"));
  }

  private DynamicNode unfit(String content, String said) {
    return check(
        said.strip(),
        () -> {
          Bundle bundle = workspace().bundle().file("program", content).args("/program");
          Path program = bundle.directory().resolve("rootfs/program");
          Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
          try (Container container = workspace().container(bundle)) {
            container.started().awaitStatus("stopped");
            assertThat(container.output().err()).isEqualTo(said);
          }
        });
  }

  /** A container that waits to be started is ended by what ends a program. */
  @TestFactory
  Stream<DynamicNode> signalsBeforeTheStart() {
    return Stream.of("HUP", "INT", "TERM")
        .map(
            signal ->
                check(
                    signal + " ends a container that was never started",
                    () -> {
                      try (Container container = container(Bundle::stays)) {
                        container.create().ok();
                        container.kill(signal).ok();
                        container.awaitStatus("stopped");
                      }
                    }));
  }

  /** In version 1 a cpuset that somebody has made for containers has nothing, or less than all. */
  @TestFactory
  Stream<DynamicNode> cpusetsOfOthers() {
    return Stream.of(
        inside(
            "below a cpuset that is empty",
            b -> b.set("linux.cgroupsPath", made("empty", "") + "/inner"),
            "echo runs",
            "runs"),
        inside(
            "in a cpuset that is empty",
            b -> b.set("linux.cgroupsPath", made("own", "")),
            "echo runs",
            "runs"),
        inside(
            "below a cpuset with one CPU",
            b -> b.set("linux.cgroupsPath", made("narrow", "0") + "/inner"),
            "grep Cpus_allowed_list /proc/self/status | cut -f 2",
            "0"));
  }

  /** A parent of containers; it goes with the workspace. */
  private String made(String name, String cpus) {
    String path = "/" + workspace().directory().getFileName() + "-" + name;
    Path directory = Path.of("/sys/fs/cgroup/cpuset" + path);
    try {
      boolean ignored = Files.createDirectory(directory).equals(directory);
      parents.add(path);
      if (!cpus.isEmpty()) {
        Path written = Files.writeString(directory.resolve("cpuset.cpus"), cpus);
        assertThat(Files.writeString(directory.resolve("cpuset.mems"), "0")).isNotEqualTo(written);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  @AfterAll
  void removeParents() throws IOException {
    for (String path : parents) {
      try (DirectoryStream<Path> hierarchies =
          Files.newDirectoryStream(Path.of("/sys/fs/cgroup"), Files::isDirectory)) {
        for (Path hierarchy : hierarchies) {
          boolean ignored = Files.deleteIfExists(Path.of(hierarchy + path));
        }
      }
    }
  }

  /** What a container starts with, whatever its caller is bound to. */
  @TestFactory
  Stream<DynamicNode> cpus() {
    return Stream.of(
        check(
            "run and exec have every CPU of the cgroup, not the caller's",
            Deviation.CALLERS_CPUS,
            () -> {
              List<String> bound = List.of("taskset", "-c", "0");
              String all = allowed(Leftovers.read(Path.of("/proc/1/status")));
              try (Container container =
                  container(b -> b.shell("grep Cpus_allowed_list /proc/self/status; sleep 1000"))) {
                container.bundle().write();
                runtime()
                    .start(
                        "",
                        bound,
                        List.of(
                            "run",
                            "--detach",
                            "--bundle",
                            container.bundle().directory().toString(),
                            container.id()))
                    .finish()
                    .ok();
                assertThat(allowed(Leftovers.read(container.proc().resolve("status"))))
                    .isEqualTo(all);
                Result exec =
                    runtime()
                        .start(
                            "", bound, List.of("exec", container.id(), "cat", "/proc/self/status"))
                        .finish()
                        .ok();
                assertThat(allowed(exec.out())).isEqualTo(all);
              }
            }));
  }

  private static String allowed(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list"))
        .findFirst()
        .orElseThrow();
  }

  /** A tmpfs whose options say no mode. */
  @TestFactory
  Stream<DynamicNode> tmpfsMode() {
    return Stream.of(
        inside(
            "a tmpfs has the mode of the directory below",
            b -> {
              Path directory = b.directory("below").rootfs().resolve("below");
              assertThat(directory.toFile().setExecutable(false, false)).isTrue();
              b.mount("/below", "tmpfs", "tmpfs", "nosuid");
            },
            "stat -c %a /below",
            "644"),
        inside(
            "a tmpfs on nothing has its own default",
            b -> b.mount("/nowhere/yet", "tmpfs", "tmpfs", "nosuid"),
            "stat -c %a /nowhere/yet",
            "1777"));
  }

  /** In the foreground a terminal's output that goes to a file has the program's own line ends. */
  @TestFactory
  Stream<DynamicNode> lineEnds() {
    return Stream.of(
        group(
            "line ends",
            () -> started(_ -> {}),
            container ->
                Stream.of(
                    check(
                        "exec --tty to a file has no carriage returns",
                        Deviation.NEEDS_A_TERMINAL,
                        () -> container.execWith(List.of("--tty"), "echo", "one"),
                        result -> assertThat(result.out()).isEqualTo("one\n")))));
  }

  /** Masks and mounts. */
  @TestFactory
  Stream<DynamicNode> mounts() {
    return Stream.of(
        check(
            "a path that is masked twice is masked once",
            Deviation.MASKED_TWICE,
            () ->
                assertThat(
                        run(b ->
                                b.set("linux.maskedPaths", List.of("/proc/keys", "/proc/keys"))
                                    .shell("grep -c ' /proc/keys ' /proc/self/mountinfo"))
                            .ok()
                            .line())
                    .isEqualTo("1")),
        check(
            "proc is not mounted through a link",
            () -> {
              Container container = container(b -> b.directory("elsewhere").args("true"));
              Path proc = container.bundle().rootfs().resolve("proc");
              boolean ignored = Files.deleteIfExists(proc);
              container.bundle().link("proc", "/elsewhere");
              container.run().fails("must be mounted on ordinary directory");
            }),
        check(
            "--no-pivot leaves no proc of the host's from which another could be made",
            () -> {
              Result result =
                  workspace()
                      .container(
                          workspace()
                              .bundle()
                              .capabilities("CAP_SETFCAP", "CAP_SETUID", "CAP_SETGID")
                              .set("linux.maskedPaths", List.of("/proc/keys"))
                              .shell(
                                  "unshare -mrpf sh -c 'mount -t proc none /proc' 2>&1;"
                                      + " test -s /proc/keys && echo shown; echo end"))
                      .run("--no-pivot")
                      .ok();
              assertThat(result.out()).endsWith("end\n").doesNotContain("shown");
              assertThat(result.out().toLowerCase(java.util.Locale.ROOT))
                  .containsAnyOf("permission denied", "not permitted");
            }));
  }
}
