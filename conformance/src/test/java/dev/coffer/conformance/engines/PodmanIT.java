package dev.coffer.conformance.engines;

import static dev.coffer.conformance.engines.BusyboxImage.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The runtime under podman and conmon, as {@code podman --runtime} uses it. */
class PodmanIT {

  private static Podman podman;

  @BeforeAll
  static void open() {
    podman = Podman.open();
  }

  @AfterAll
  static void close() {
    podman.close();
  }

  @Test
  void theRuntimeIsTheOneGiven() {
    assertThat(podman.run("info", "--format", "{{.Host.OCIRuntime.Version}}").ok().out())
        .containsPattern("(?m)^\\S+ version \\S+")
        .containsPattern("(?m)^spec: 1\\.");
  }

  @Test
  void runPassesStreamsAndCodes() {
    Result result =
        podman.runContainer("--rm", NAME, "sh", "-c", "echo out; echo err >&2; exit 42").fails(42);
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
    podman.runContainer("--rm", NAME, "no-such").fails(127, "no-such");
    podman.runContainer("--rm", NAME, "/etc/passwd").fails(126, "/etc/passwd", "ermission denied");
  }

  @Test
  void aPipeIsReadToItsEnd() {
    byte[] input = new byte[1_600_000];
    Process count = podman.startContainer("--rm", "-i", NAME, "wc", "-c");
    assertThat(Coffer.finish(count, input).ok().line()).isEqualTo("1600000");
  }

  @Test
  void aTerminalIsOne() {
    try (var terminal = podman.terminal()) {
      terminal.type(
          "podman run --cgroup-parent %s --rm -it %s sh\n".formatted(podman.cgroupParent(), NAME));
      terminal.waitFor("^/ # ");
      terminal.type("tty; stty size; exit 3\n");
      terminal.waitFor("^/dev/pts/0$");
      terminal.waitFor("^30 100$");
      terminal.waitFor("^host\\$ $");
      terminal.type("echo code=$?\n");
      terminal.waitFor("^code=3$");
    }
  }

  @Test
  void execRunsBesideTheFirstProcess() {
    start("exec", "sleep", "1000");
    Result inside = podman.run("exec", "exec", "readlink", "/proc/self/ns/pid");
    assertThat(inside.ok().line()).isEqualTo(Kernel.namespace(podman.pid("exec"), "pid"));
    podman.run("exec", "exec", "sh", "-c", "exit 7").fails(7);
    podman.run("exec", "exec", "no-such").fails(127, "no-such");
    assertThat(podman.runWithInput("in", "exec", "-i", "exec", "cat").ok().out()).isEqualTo("in");
    Result user =
        podman.run(
            "exec", "-u", "1000:1001", "-w", "/tmp", "exec", "sh", "-c", "id -u; id -g; pwd");
    assertThat(user.ok().lines()).containsExactly("1000", "1001", "/tmp");
    podman.run("exec", "-d", "exec", "touch", "/tmp/detached").ok();
    Coffer.eventually(
        () -> podman.run("exec", "exec", "test", "-e", "/tmp/detached").exitCode() == 0);
    try (var terminal = podman.terminal()) {
      terminal.type("podman exec -it exec tty\n");
      terminal.waitFor("^/dev/pts/0$");
      terminal.waitFor("^host\\$ $");
      terminal.type("podman exec --preserve-fds 1 exec cat /proc/self/fd/3 3<<<pass''ed\n");
      terminal.waitFor("^passed$");
    }
    remove("exec");
  }

  @Test
  void limitsAreTheKernels() {
    podman
        .runContainer(
            "-d",
            "--name",
            "limits",
            "-m",
            "64m",
            "--cpus",
            "0.5",
            "--pids-limit",
            "50",
            NAME,
            "sleep",
            "1000")
        .ok();
    long pid = podman.pid("limits");
    assertThat(Kernel.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("67108864");
    assertThat(Kernel.limit(pid, "pids", "pids.max", "pids.max")).isEqualTo("50");
    assertThat(Kernel.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
    podman.run("update", "--cpus", "1", "-m", "32m", "limits").ok();
    assertThat(Kernel.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("33554432");
    assertThat(Kernel.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("100000");
    assertThat(
            podman
                .run("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "limits")
                .ok()
                .line())
        .isEqualTo("limits 1");
    assertThat(podman.run("top", "limits", "pid", "args").ok().out())
        .containsPattern("1 +sleep 1000");
    remove("limits");
  }

  @Test
  void stopKillAndRestart() {
    String trap =
        "trap 'echo term; exit 3' TERM; trap 'echo usr1' USR1; echo up; while :; do sleep 0.05; done";
    start("life", "sh", "-c", trap);
    logged("life", "up");
    podman.run("kill", "-s", "USR1", "life").ok();
    logged("life", "usr1");
    podman.run("pause", "life").ok();
    assertThat(podman.inspect("life", "{{.State.Status}}")).isEqualTo("paused");
    podman.run("unpause", "life").ok();
    podman.run("stop", "-t", "10", "life").ok();
    assertThat(podman.inspect("life", "{{.State.Status}} {{.State.ExitCode}}"))
        .isEqualTo("exited 3");
    assertThat(podman.run("logs", "life").ok().lines()).containsExactly("up", "usr1", "term");
    podman.run("start", "life").ok();
    long first = podman.pid("life");
    podman.run("restart", "-t", "0", "life").ok();
    assertThat(podman.pid("life")).isNotEqualTo(first).isPositive();
    podman.run("kill", "life").ok();
    assertThat(podman.run("wait", "life").ok().line()).isEqualTo("137");
    remove("life");
  }

  private static void logged(String container, String line) {
    Coffer.eventually(() -> podman.run("logs", container).lines().contains(line));
  }

  @Test
  void aPodSharesItsNamespaces() {
    podman.createPod("pod");
    podman.run("run", "-d", "--pod", "pod", "--name", "one", NAME, "sleep", "1000").ok();
    podman.run("run", "-d", "--pod", "pod", "--name", "two", NAME, "sleep", "1000").ok();
    for (String kind : List.of("net", "ipc", "uts")) {
      assertThat(Kernel.namespace(podman.pid("one"), kind))
          .isEqualTo(Kernel.namespace(podman.pid("two"), kind));
    }
    for (String kind : List.of("pid", "mnt")) {
      assertThat(Kernel.namespace(podman.pid("one"), kind))
          .isNotEqualTo(Kernel.namespace(podman.pid("two"), kind));
    }
    assertThat(
            podman.run("pod", "ps", "--format", "{{.Status}} {{.NumberOfContainers}}").ok().line())
        .isEqualTo("Running 3");
    podman.run("pod", "rm", "-f", "-t", "0", "pod").ok();
  }

  @Test
  void identityAndPrivilegesAreTheKernels() {
    assertThat(with("-u", "1000:1000", NAME, "id")).startsWith("uid=1000(1000) gid=1000");
    assertThat(with(NAME, "grep", "Seccomp:", "/proc/self/status")).endsWith("2");
    assertThat(
            with(
                "--uidmap",
                "0:100000:1000",
                "--gidmap",
                "0:100000:1000",
                NAME,
                "cat",
                "/proc/self/uid_map"))
        .matches("0 +100000 +1000");
    with("--privileged", NAME, "mount", "-t", "tmpfs", "none", "/tmp");
    podman.runContainer("--rm", "--read-only", NAME, "touch", "/x").fails(1, "Read-only");
    assertThat(with("--umask", "0027", NAME, "sh", "-c", "umask")).isEqualTo("0027");
  }

  @Test
  void mountsAreAsAsked() throws IOException {
    Path shared = Files.createDirectory(podman.directory().resolve("shared"));
    Files.writeString(shared.resolve("from-host"), "host");
    assertThat(
            with(
                "-v",
                shared + ":/data",
                NAME,
                "sh",
                "-c",
                "cat /data/from-host; echo c >/data/back"))
        .isEqualTo("host");
    assertThat(shared.resolve("back")).hasContent("c\n");
    podman
        .runContainer("--rm", "-v", shared + ":/data:ro", NAME, "touch", "/data/x")
        .fails(1, "Read-only");
    assertThat(with("--tmpfs", "/t:size=1m", NAME, "df", "-k", "/t")).contains(" 1024 ");
  }

  @Test
  void tenAtOnce() {
    List<Process> started =
        IntStream.range(0, 10)
            .mapToObj(
                i -> podman.startContainer("--rm", NAME, "sh", "-c", "echo " + i + "; exit " + i))
            .toList();
    for (int i = 0; i < started.size(); i++) {
      Result result = Coffer.finish(started.get(i), new byte[0]);
      assertThat(result.exitCode()).as(result.err()).isEqualTo(i);
      assertThat(result.line()).isEqualTo(Integer.toString(i));
    }
  }

  private static void start(String name, String... command) {
    List<String> all = new ArrayList<>(List.of("-d", "--name", name, NAME));
    all.addAll(List.of(command));
    podman.runContainer(all.toArray(String[]::new)).ok();
  }

  private static void remove(String name) {
    podman.run("rm", "-f", "-t", "0", name).ok();
  }

  private static String with(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--rm"));
    all.addAll(List.of(arguments));
    return podman.runContainer(all.toArray(String[]::new)).ok().line();
  }
}
