package dev.coffer.conformance.engines;

import static dev.coffer.conformance.engines.BusyboxImage.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import dev.coffer.conformance.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The runtime under containerd's own client, through the shim {@code io.containerd.runc.v2}. */
class ContainerdIT {

  private static Containerd containerd;
  private static EngineHost host;

  @BeforeAll
  static void open() {
    containerd = Containerd.open();
    host = containerd.host();
  }

  @AfterAll
  static void close() {
    containerd.close();
  }

  @Test
  void runPrintsWhatTheContainerPrints() {
    Result result =
        run("print", "sh", "-c", "echo out; echo err >&2; sleep 0.2; exit 42").fails(42);
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
  }

  /** One line only: ctr 1.6 does not pass the end of its input on, under runc neither. */
  @Test
  void inputReachesTheContainer() {
    List<String> command =
        containerd.container("--rm", NAME, "input", "sh", "-c", "head -n 1; sleep 0.2");
    assertThat(host.run(command, "line\nmore\n").ok().out()).isEqualTo("line\n");
  }

  @Test
  void aTerminalIsOne() {
    String onHost = String.join(" ", host.inside(List.of()));
    try (var terminal = new Terminal(host.directory(), "ctr() { " + onHost + " ctr \"$@\"; }")) {
      terminal.type(String.join(" ", containerd.container("--rm", "-t", NAME, "tty", "sh")) + "\n");
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
  void theCauseOfAFailureReachesTheUser() {
    run("missing", "no-such").fails(1, "OCI runtime create failed", "no-such", "not found");
    run("denied", "/etc/passwd")
        .fails(1, "OCI runtime create failed", "/etc/passwd", "ermission denied");
    assertThat(containerd.run("containers", "ls", "-q").ok().out())
        .doesNotContain("missing", "denied");
  }

  @Test
  void aTaskLivesThroughItsStates() {
    String trap = "trap 'exit 3' TERM; while :; do sleep 0.05; done";
    start("life", "sh", "-c", trap);
    assertThat(status("life")).isEqualTo("RUNNING");
    containerd.run("task", "pause", "life").ok();
    assertThat(status("life")).isEqualTo("PAUSED");
    containerd.run("task", "resume", "life").ok();
    assertThat(status("life")).isEqualTo("RUNNING");
    containerd.run("task", "kill", "-s", "TERM", "life").ok();
    Coffer.eventually(() -> status("life").equals("STOPPED"));
    containerd.run("task", "rm", "life").fails(0, "exit code 3");
    containerd.run("containers", "rm", "life").ok();
  }

  @Test
  void execRunsBesideTheFirstProcess() {
    start("exec", "sleep", "1000");
    String pid = Kernel.namespace(pid("exec"), "pid");
    Result inside =
        containerd.run("task", "exec", "--exec-id", "e1", "exec", "readlink", "/proc/self/ns/pid");
    assertThat(inside.ok().line()).isEqualTo(pid);
    containerd.run("task", "exec", "--exec-id", "e2", "exec", "sh", "-c", "exit 7").fails(7);
    Result user =
        containerd.run(
            "task",
            "exec",
            "--exec-id",
            "e3",
            "--user",
            "1000",
            "--cwd",
            "/tmp",
            "exec",
            "sh",
            "-c",
            "id -u; pwd");
    assertThat(user.ok().lines()).containsExactly("1000", "/tmp");
    containerd.run("task", "exec", "-d", "--exec-id", "e4", "exec", "sleep", "1234").ok();
    assertThat(containerd.run("task", "ps", "exec").ok().lines())
        .hasSize(3)
        .anyMatch(l -> l.contains("e4"));
    containerd
        .run("task", "exec", "--exec-id", "e5", "exec", "no-such")
        .fails(1, "OCI runtime exec failed", "no-such", "not found");
    containerd.remove("exec");
  }

  @Test
  void limitsAndMetricsAreTheKernels() {
    host.run(
            containerd.container(
                "-d",
                "--memory-limit",
                "67108864",
                "--cpus",
                "0.5",
                NAME,
                "limits",
                "sleep",
                "1000"))
        .ok();
    assertThat(Kernel.limit(pid("limits"), "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("67108864");
    assertThat(Kernel.limit(pid("limits"), "cpu", "cpu.cfs_quota_us", "cpu.max"))
        .startsWith("50000");
    assertThat(containerd.run("task", "metrics", "--format", "json", "limits").ok().out())
        .containsPattern("\"pids\":\\s*\\{\\s*\"current\":\\s*1")
        .contains("67108864");
    containerd.remove("limits");
  }

  @Test
  void specialRunsAreDone() {
    special("--read-only", "ro", "touch /x || echo $?").fails(0, "Read-only");
    assertThat(special("--net-host", "net", "readlink /proc/self/ns/net").ok().line())
        .isEqualTo(host.networkNamespace());
    assertThat(special("--seccomp", "filter", "grep Seccomp: /proc/self/status").ok().line())
        .endsWith("2");
  }

  /** The container outlives its output a little: ctr 1.6 may lose what comes with the end. */
  private static Result special(String option, String id, String script) {
    return host.run(
        containerd.container("--rm", option, NAME, id, "sh", "-c", script + "; sleep 0.2"));
  }

  @Test
  void killAllEndsEveryProcess() {
    start("all", "sh", "-c", "sleep 1000 & sleep 1001 & wait");
    Coffer.eventually(() -> containerd.run("task", "ps", "all").lines().size() == 4);
    containerd.run("task", "kill", "-a", "-s", "KILL", "all").ok();
    Coffer.eventually(() -> status("all").equals("STOPPED"));
    containerd.remove("all");
  }

  @Test
  void tenAtOnce() {
    List<Process> started =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    host.start(
                        containerd.container("--rm", NAME, "ten" + i, "sh", "-c", "exit " + i)))
            .toList();
    for (int i = 0; i < started.size(); i++) {
      Result result = Coffer.finish(started.get(i), new byte[0]);
      assertThat(result.exitCode()).as(result.err()).isEqualTo(i);
    }
  }

  private static Result run(String id, String... command) {
    List<String> arguments = new ArrayList<>(List.of("--rm", NAME, id));
    arguments.addAll(List.of(command));
    return host.run(containerd.container(arguments.toArray(String[]::new)));
  }

  private static void start(String id, String... command) {
    List<String> arguments = new ArrayList<>(List.of("-d", NAME, id));
    arguments.addAll(List.of(command));
    host.run(containerd.container(arguments.toArray(String[]::new))).ok();
  }

  private static String status(String id) {
    return containerd.task("default", id)[2];
  }

  private static long pid(String id) {
    return containerd.pid("default", id);
  }
}
