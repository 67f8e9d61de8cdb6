package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Further processes in a running container. */
class ExecIT extends OciSuite {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String STATUS = "cat /proc/self/status";

  private static String[] shell(String script) {
    return new String[] {"/bin/sh", "-c", script};
  }

  private static DynamicNode says(
      Container container, List<String> flags, String script, String expected) {
    return check(
        flags + " " + script,
        () -> assertThat(container.execWith(flags, shell(script)).ok().line()).isEqualTo(expected));
  }

  /** Flags, each by what the kernel shows of the process. */
  @TestFactory
  Stream<DynamicNode> flags() {
    return Stream.of(
        group(
            "flags",
            () ->
                started(
                    b ->
                        b.set(
                                "process.rlimits",
                                List.of(Map.of("type", "RLIMIT_NOFILE", "soft", 99, "hard", 99)))
                            .set("process.user.umask", 027)
                            .set("process.oomScoreAdj", 77)),
            container ->
                Stream.of(
                    says(container, List.of(), "pwd", "/"),
                    says(container, List.of("--cwd", "/tmp"), "pwd", "/tmp"),
                    says(container, List.of("--cwd", "", "--user", ""), "pwd; id -u", "/\n0"),
                    says(container, List.of("--env", "A=1"), "echo $A", "1"),
                    says(container, List.of("-e", "A=1", "-e", "B=2"), "echo $A$B", "12"),
                    says(container, List.of(), "echo $PATH", "/bin:/sbin:/usr/bin:/usr/sbin"),
                    says(container, List.of(), "echo $HOME", "/root"),
                    says(container, List.of("--user", "1000"), "id -u; id -g", "1000\n0"),
                    says(container, List.of("--user", "1000:1000"), "id -u; id -g", "1000\n1000"),
                    says(
                        container,
                        List.of("--additional-gids", "5", "--additional-gids", "7"),
                        "sed -n 's/^Groups:\\t//p' /proc/self/status | xargs",
                        "5 7"),
                    says(container, List.of("-u", "4242:4343"), "id -u; id -g", "4242\n4343"),
                    says(container, List.of("--user", "1000"), "echo $HOME", "/home/user"),
                    says(
                        container,
                        List.of("-g", "7", "-g", "29"),
                        "sed -n 's/^Groups:[ \\t]*//p' /proc/self/status",
                        "7 29"),
                    says(
                        container,
                        List.of("--no-new-privs"),
                        "sed -n 's/^NoNewPrivs:\\t//p' /proc/self/status",
                        "1"),
                    says(
                        container,
                        List.of("--cap", "CAP_SYS_TIME"),
                        "sed -n 's/^CapBnd:\\t//p' /proc/self/status",
                        "0000000022000420"),
                    says(
                        container,
                        List.of("--cap", "CAP_SYS_TIME"),
                        "sed -n 's/^CapEff:\\t//p' /proc/self/status",
                        "0000000022000420"),
                    says(
                        container,
                        List.of(),
                        "sed -n 's/^CapEff:\\t//p' /proc/self/status",
                        "0000000020000420"),
                    says(
                        container,
                        List.of("--user", "1000"),
                        "sed -n 's/^CapEff:\\t//p' /proc/self/status",
                        "0000000000000000"),
                    says(
                        container,
                        List.of(),
                        "sed -n 's/^CapBnd:\\t//p' /proc/self/status",
                        "0000000020000420"),
                    says(
                        container,
                        List.of(),
                        "sed -n 's/^NoNewPrivs:\\t//p' /proc/self/status",
                        "1"),
                    check(
                        "the umask of the config",
                        Deviation.EXEC_UMASK,
                        () ->
                            assertThat(container.exec(shell("umask")).ok().line())
                                .isEqualTo("0027")),
                    says(container, List.of(), "ulimit -n", "99"),
                    says(container, List.of(), "ls /proc/$$/fd; true", "0\n1\n2"),
                    says(
                        container,
                        List.of(),
                        "sed -n 's/^SigBlk:\\t//p' /proc/self/status",
                        "0000000000000000"))));
  }

  /** It is in all of the container: namespaces, root, control groups. */
  @TestFactory
  Stream<DynamicNode> whereItIs() {
    return Stream.of(
        group(
            "where it is",
            () -> started(b -> b.namespace("cgroup").set("linux.resources.pids.limit", 30)),
            container -> {
              List<DynamicNode> nodes = new ArrayList<>();
              for (String type :
                  List.of("pid", "net", "ipc", "uts", "mnt", "cgroup", "user", "time")) {
                nodes.add(
                    check(
                        type + " namespace",
                        () ->
                            assertThat(
                                    container
                                        .exec("/bin/sh", "-c", "readlink /proc/self/ns/" + type)
                                        .ok()
                                        .line())
                                .isEqualTo(
                                    Files.readSymbolicLink(
                                            container.proc().resolve("ns").resolve(type))
                                        .toString())));
              }
              nodes.add(says(container, List.of(), "readlink /proc/self/root", "/"));
              nodes.add(
                  says(
                      container,
                      List.of(),
                      "cat /proc/1/cgroup > /tmp/a; cat /proc/self/cgroup | diff - /tmp/a",
                      ""));
              nodes.add(says(container, List.of(), "test $$ != 1 && echo other", "other"));
              nodes.add(
                  says(container, List.of(), "awk '/^PPid/ {print $2}' /proc/$$/status", "0"));
              nodes.add(says(container, List.of(), "hostname", "conform"));
              return nodes.stream();
            }));
  }

  @TestFactory
  Stream<DynamicNode> exitCodesAndStreams() {
    return Stream.of(
        group(
            "exit codes and streams",
            () -> started(b -> b.file("bin/plain", "text")),
            container ->
                Stream.concat(
                    IntStream.of(0, 1, 42, 126, 127, 130, 254)
                        .mapToObj(
                            code ->
                                check(
                                    "exit " + code,
                                    () -> container.exec(shell("exit " + code)).exits(code))),
                    Stream.of(
                        check(
                            "killed by KILL", () -> container.exec(shell("kill -9 $$")).exits(137)),
                        check(
                            "killed by TERM",
                            () -> container.exec(shell("kill -15 $$")).exits(143)),
                        check(
                            "a program that is not there",
                            () -> container.exec("no-such-program").fails("no-such-program")),
                        check(
                            "a program that may not be run",
                            () -> container.exec("/bin/plain").fails("/bin/plain")),
                        check("no program", () -> container.exec().fails()),
                        check(
                            "a cwd that is a file",
                            () ->
                                container
                                    .execWith(List.of("--cwd", "/etc/passwd"), "true")
                                    .fails("/etc/passwd")),
                        check(
                            "a user that is no number",
                            () ->
                                container
                                    .execWith(List.of("--user", "some one"), "true")
                                    .fails("some one")),
                        check(
                            "a user that is more than a number of 32 bits",
                            Deviation.WIDE_ID,
                            () ->
                                container
                                    .execWith(List.of("--user", "4294967296"), "true")
                                    .fails("4294967296")),
                        check(
                            "standard error is apart",
                            () -> {
                              Result result = container.exec(shell("echo out; echo err >&2"));
                              assertThat(result.out() + "|" + result.err())
                                  .isEqualTo("out\n|err\n");
                            }),
                        check(
                            "standard input",
                            () ->
                                assertThat(
                                        runtime()
                                            .runWithInput("words", "exec", container.id(), "cat")
                                            .ok()
                                            .out())
                                    .isEqualTo("words")),
                        check(
                            "much output arrives whole",
                            () ->
                                assertThat(
                                        container
                                            .exec(shell("head -c 3000000 /dev/zero | tr '\\0' x"))
                                            .ok()
                                            .out())
                                    .hasSize(3_000_000)),
                        check(
                            "arguments as they are",
                            () ->
                                assertThat(container.exec("echo", "-x", "a b", "$HOME").ok().line())
                                    .isEqualTo("-x a b $HOME")),
                        check(
                            "the container runs on",
                            () -> assertThat(container.status()).isEqualTo("running"))))));
  }

  private static Map<String, Object> process(String... args) {
    Map<String, Object> process = new LinkedHashMap<>();
    process.put("args", List.of(args));
    process.put("cwd", "/tmp");
    process.put("env", List.of("PATH=/bin", "E=of the file"));
    process.put("user", Map.of("uid", 1000, "gid", 29, "additionalGids", List.of(7), "umask", 077));
    process.put(
        "capabilities",
        Map.of(
            "bounding",
            List.of("CAP_KILL"),
            "permitted",
            List.of("CAP_KILL"),
            "inheritable",
            List.of("CAP_KILL"),
            "effective",
            List.of("CAP_KILL"),
            "ambient",
            List.of("CAP_KILL")));
    process.put("rlimits", List.of(Map.of("type", "RLIMIT_CORE", "soft", 4096, "hard", 8192)));
    process.put("noNewPrivileges", true);
    return process;
  }

  /** {@code --process}: all of the process object. */
  @TestFactory
  Stream<DynamicNode> processFile() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("id -u", "1000");
    facts.put("id -g", "29");
    facts.put("sed -n 's/^Groups:[ \\t]*//p' /proc/self/status | sed 's/ *$//'", "7");
    facts.put("pwd", "/tmp");
    facts.put("echo $E", "of the file");
    facts.put("umask", "0077");
    facts.put("sed -n 's/^CapBnd:\\t//p' /proc/self/status", "0000000000000020");
    facts.put("sed -n 's/^CapEff:\\t//p' /proc/self/status", "0000000000000020");
    facts.put("sed -n 's/^CapAmb:\\t//p' /proc/self/status", "0000000000000020");
    facts.put("awk '/^Max core/ {print $5, $6}' /proc/self/limits", "4096 8192");
    facts.put("sed -n 's/^NoNewPrivs:\\t//p' /proc/self/status", "1");
    return Stream.of(
        group(
            "--process",
            () -> started(b -> b.set("process.noNewPrivileges", false)),
            container ->
                facts.entrySet().stream()
                    .map(
                        fact -> {
                          Executable real =
                              () -> {
                                Path file =
                                    Files.createTempFile(
                                        workspace().directory(), "process", ".json");
                                Files.writeString(
                                    file,
                                    new Tree(process("/bin/sh", "-c", fact.getKey())).write());
                                assertThat(
                                        runtime()
                                            .run(
                                                "exec",
                                                "--process",
                                                file.toString(),
                                                container.id())
                                            .ok()
                                            .line())
                                    .isEqualTo(fact.getValue());
                              };
                          return switch (fact.getKey().split(" ")[0]) {
                            case "umask" -> check(fact.getKey(), Deviation.EXEC_UMASK, real);
                            default -> check(fact.getKey(), real);
                          };
                        })));
  }

  @TestFactory
  Stream<DynamicNode> detached() throws IOException {
    Path pidFile = workspace().directory().resolve("exec.pid");
    return Stream.of(
        group(
            "--detach",
            () -> {
              Container container = started(b -> {});
              container
                  .execWith(
                      List.of("--detach", "--pid-file", pidFile.toString()),
                      shell("echo here > /tmp/here; exec sleep 1000"))
                  .ok();
              return container;
            },
            container -> {
              Path proc = Path.of("/proc", Leftovers.read(pidFile));
              return Stream.of(
                  check(
                      "the pid file names it",
                      () ->
                          WaitFor.condition(
                              "sleep",
                              PATIENCE,
                              () -> Leftovers.read(proc.resolve("cmdline")).startsWith("sleep"))),
                  check(
                      "it did what it should",
                      () ->
                          assertThat(container.bundle().rootfs().resolve("tmp/here"))
                              .hasContent("here")),
                  check(
                      "it is in the container",
                      () ->
                          assertThat(Files.readSymbolicLink(proc.resolve("ns/pid")))
                              .isEqualTo(
                                  Files.readSymbolicLink(container.proc().resolve("ns/pid")))),
                  check(
                      "in its control group",
                      () ->
                          assertThat(
                                  Leftovers.read(container.cgroup("pids").resolve("cgroup.procs"))
                                      .lines())
                              .contains(Leftovers.read(pidFile))),
                  check(
                      "ps shows it",
                      () ->
                          assertThat(container.verb("ps", "--format", "json").ok().out())
                              .contains(Leftovers.read(pidFile))));
            }));
  }

  @TestFactory
  Stream<DynamicNode> signalsAndStates() {
    return Stream.of(
        group(
            "signals of the foreground",
            () -> started(b -> {}),
            container ->
                Stream.of("TERM", "INT", "USR1", "HUP")
                    .map(
                        signal ->
                            check(
                                signal + " goes on to the process",
                                () -> {
                                  OciRuntime.Running exec =
                                      runtime()
                                          .start(
                                              "exec",
                                              container.id(),
                                              "/bin/sh",
                                              "-c",
                                              "trap 'echo got; exit 5' "
                                                  + signal
                                                  + "; echo up; while :; do sleep 1 & wait; done");
                                  WaitFor.condition(
                                      "up", PATIENCE, () -> exec.result().out().contains("up"));
                                  new ProcessBuilder(
                                          "kill", "-" + signal, "" + exec.process().pid())
                                      .start()
                                      .waitFor();
                                  assertThat(exec.finish().exits(5).out()).contains("got");
                                }))),
        group(
            "a paused container",
            () -> {
              Container container = started(b -> {});
              container.verb("pause").ok();
              return container;
            },
            container ->
                Stream.of(
                    check("exec is refused", () -> container.exec("true").fails("paused")),
                    check(
                        "exec --ignore-paused waits for resume",
                        () -> {
                          OciRuntime.Running exec =
                              runtime()
                                  .start(
                                      "exec", "--ignore-paused", container.id(), "echo", "thawed");
                          assertThat(
                                  exec.process()
                                      .waitFor(300, java.util.concurrent.TimeUnit.MILLISECONDS))
                              .isFalse();
                          container.verb("resume").ok();
                          assertThat(exec.finish().ok().line()).isEqualTo("thawed");
                        }))),
        check(
            "exec in a created container",
            () -> {
              try (Container container = container(Bundle::stays)) {
                container.create().ok();
                assertThat(container.exec("echo", "early").ok().line()).isEqualTo("early");
                assertThat(container.status()).isEqualTo("created");
              }
            }),
        check(
            "the end of the container is the end of an exec",
            () -> {
              try (Container container = started(b -> {})) {
                OciRuntime.Running exec =
                    runtime().start("exec", container.id(), "/bin/sh", "-c", "echo up; sleep 1000");
                WaitFor.condition("up", PATIENCE, () -> exec.result().out().contains("up"));
                container.kill("KILL").ok();
                exec.finish().exits(137);
              }
            }),
        check(
            "--cgroup puts it below",
            () -> {
              try (Container container = started(b -> b.namespace("cgroup"))) {
                Path below = Files.createDirectory(container.cgroup("pids").resolve("below"));
                assertThat(
                        container
                            .execWith(
                                List.of("--cgroup", "pids:below"),
                                shell("grep ':pids:' /proc/self/cgroup"))
                            .ok()
                            .line())
                    .endsWith(":pids:/below");
                Files.delete(below);
              }
            }),
        check(
            "--preserve-fds",
            () -> {
              try (Container container = started(b -> {})) {
                Result result =
                    runtime()
                        .start(
                            "",
                            List.of(
                                "/bin/sh", "-c", "exec 3</etc/passwd 4</etc/group \"$@\"", "sh"),
                            List.of(
                                "exec",
                                "--preserve-fds",
                                "1",
                                container.id(),
                                "/bin/sh",
                                "-c",
                                "ls /proc/$$/fd; head -n 1 <&3"))
                        .finish();
                assertThat(result.ok().line()).startsWith("0\n1\n2\n3\nroot:");
              }
            }),
        facts(STATUS, b -> {}, Fact.status("Seccomp", "0")),
        check(
            "the container's filter holds for it",
            () -> {
              try (Container container =
                  started(
                      b ->
                          b.set(
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
                                          "SCMP_ACT_ERRNO")))))) {
                container
                    .exec(
                        shell(
                            "sed -n 's/^Seccomp:\\t//p' /proc/self/status | grep -q 2 && ! mkdir /tmp/x"))
                    .ok();
              }
            }));
  }

  /** CPUs of the config's, which the first process is not bound to. */
  @TestFactory
  Stream<DynamicNode> cpuAffinity() {
    String cpus = "sed -n 's/^Cpus_allowed_list:\\t//p' /proc/self/status";
    return Stream.of(
        group(
            "CPUs of exec",
            () -> started(b -> b.set("process.execCPUAffinity", Map.of("final", "0"))),
            container ->
                Stream.of(
                    check(
                        "the final ones hold for its program",
                        Deviation.CPU_AFFINITY,
                        () -> assertThat(container.exec(shell(cpus)).ok().line()).isEqualTo("0")),
                    check(
                        "the first process has all",
                        () ->
                            assertThat(Files.readString(container.proc().resolve("status")))
                                .containsPattern("Cpus_allowed_list:\t0[-,]")))),
        group(
            "CPUs before the container's",
            () ->
                started(
                    b ->
                        b.set("linux.resources.cpu.cpus", "0")
                            .set("process.execCPUAffinity", Map.of("initial", "0", "final", "0"))),
            container -> Stream.of(says(container, List.of(), cpus, "0"))),
        check(
            "a CPU that the container has not is an error",
            Deviation.CPU_AFFINITY,
            () -> {
              try (Container container =
                  started(
                      b ->
                          b.set("linux.resources.cpu.cpus", "0")
                              .set("process.execCPUAffinity", Map.of("final", "1")))) {
                container.exec("true").fails("cpuset");
              }
            }));
  }

  /** Who listens is told of the process; that its descriptor is one of it is a unit's test. */
  @TestFactory
  Stream<DynamicNode> pidfdSocket() {
    return Stream.of(
        check(
            "--pidfd-socket",
            Deviation.PIDFD_SOCKET,
            () -> {
              try (Container container = started(b -> {})) {
                assertThat(toldAtSocket("exec", container.id(), "true")).isEqualTo("pidfd");
              }
            }),
        check(
            "--pidfd-socket of create",
            Deviation.PIDFD_SOCKET,
            () -> {
              try (Container container = container(Bundle::stays)) {
                String bundle = container.bundle().write().directory().toString();
                assertThat(toldAtSocket("create", "--bundle", bundle, container.id()))
                    .isEqualTo("pidfd");
              }
            }));
  }

  private String toldAtSocket(String verb, String... words) throws IOException {
    Path socket = Files.createTempDirectory(workspace().directory(), "pidfd").resolve("socket");
    List<String> line = new ArrayList<>(List.of(verb, "--pidfd-socket", socket.toString()));
    line.addAll(List.of(words));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket)).configureBlocking(false);
      runtime().start(line.toArray(String[]::new)).finish().ok();
      try (SocketChannel peer = listener.accept()) {
        assertThat(peer).as("who connects before the verb ends").isNotNull();
        ByteBuffer told = ByteBuffer.allocate(64);
        int ignored = peer.read(told);
        return StandardCharsets.UTF_8.decode(told.flip()).toString();
      }
    }
  }
}
