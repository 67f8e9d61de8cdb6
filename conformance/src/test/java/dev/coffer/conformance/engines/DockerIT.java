package dev.coffer.conformance.engines;

import static dev.coffer.conformance.engines.BusyboxImage.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The runtime under dockerd, as {@code --add-runtime} and {@code docker run --runtime} use it. */
class DockerIT {

  private static final String DEFAULT_CAPABILITIES = "00000000a80425fb";

  private static Docker docker;

  @BeforeAll
  static void open() {
    docker = Docker.open();
  }

  @AfterAll
  static void close() {
    docker.close();
  }

  @Test
  void theDaemonKnowsTheRuntime() throws IOException {
    assertThat(docker.run("info", "-f", "{{json .Runtimes}}").ok().out())
        .contains("\"coffer\":{\"path\":");
    String id = docker.runContainer("-d", NAME, "sleep", "1000").ok().line();
    assertThat(docker.inspect(id, "{{.HostConfig.Runtime}}")).isEqualTo(Docker.RUNTIME);
    docker.run("rm", "-f", id).ok();
    assertThat(docker.log()).doesNotContain("failed to retrieve coffer version");
  }

  @Test
  void outputAndErrorsStayApart() {
    Result result = docker.runContainer("--rm", NAME, "sh", "-c", "echo out; echo err >&2").ok();
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
  }

  @Test
  void aPipeIsReadToItsEnd() throws IOException {
    Process cat = docker.startContainer("--rm", "-i", NAME, "cat");
    byte[] input = "0123456789abcde\n".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    Result result = Coffer.finish(cat, input).ok();
    assertThat(result.out()).hasSize(input.length);
  }

  @Test
  void aTerminalIsOne() {
    try (var terminal = docker.terminal()) {
      terminal.type("docker run --runtime coffer --network none --rm -it " + NAME + " sh\n");
      terminal.waitFor("^/ # ");
      terminal.type("tty; echo $((6*7)); stty size\n");
      terminal.waitFor("^/dev/pts/0$");
      terminal.waitFor("^42$");
      terminal.type("echo st''arted; sleep 1000\n");
      terminal.waitFor("^started$");
      terminal.type("\u0003");
      terminal.waitFor("\\^C\n+/ # $");
      terminal.type("exit 3\n");
      terminal.waitFor("^host\\$ $");
      terminal.type("echo code=$?\n");
      terminal.waitFor("^code=3$");
    }
  }

  @Test
  void exitCodesAreTold() {
    docker.runContainer("--rm", NAME, "sh", "-c", "exit 42").fails(42);
    docker.runContainer("--rm", NAME, "no-such").fails(127, "no-such", "executable file not found");
    docker.runContainer("--rm", NAME, "/tmp").fails(126, "/tmp", "permission denied");
    docker.runContainer("--rm", NAME, "/etc/passwd").fails(126, "/etc/passwd", "ermission denied");
    docker.runContainer("--rm", "--init", NAME, "sh", "-c", "kill -TERM $$").fails(143);
  }

  @Test
  void execRunsBesideTheFirstProcess() {
    docker.runContainer("-d", "--name", "exec", "-e", "A=1", NAME, "sleep", "1000").ok();
    assertThat(docker.run("exec", "exec", "sh", "-c", "echo $A; readlink /proc/self/ns/pid").out())
        .isEqualTo("1\n" + Kernel.namespace(docker.pid("exec"), "pid") + "\n");
    docker.run("exec", "exec", "sh", "-c", "exit 7").fails(7);
    assertThat(docker.runWithInput("in", "exec", "-i", "exec", "cat").ok().out()).isEqualTo("in");
    String identity = "id -u; id -g; pwd; echo $B";
    assertThat(
            docker
                .run(
                    "exec",
                    "-u",
                    "1000:1001",
                    "-w",
                    "/tmp",
                    "-e",
                    "B=2",
                    "exec",
                    "sh",
                    "-c",
                    identity)
                .ok()
                .lines())
        .containsExactly("1000", "1001", "/tmp", "2");
    docker.run("exec", "-d", "exec", "touch", "/tmp/detached").ok();
    Coffer.eventually(
        () -> docker.run("exec", "exec", "test", "-e", "/tmp/detached").exitCode() == 0);
    assertThat(docker.run("exec", "exec", "no-such").fails(126).out())
        .contains("\"no-such\"", "executable file not found");
    try (var terminal = docker.terminal()) {
      terminal.type("docker exec -it exec tty\n");
      terminal.waitFor("^/dev/pts/0$");
    }
    docker.run("rm", "-f", "exec").ok();
  }

  @Test
  void limitsAreTheKernels() {
    docker
        .runContainer(
            "-d",
            "--name",
            "limits",
            "-m",
            "64m",
            "--memory-swap",
            "128m",
            "--cpus",
            "0.5",
            "--cpu-shares",
            "512",
            "--cpuset-cpus",
            "0",
            "--pids-limit",
            "50",
            NAME,
            "sleep",
            "1000")
        .ok();
    long pid = docker.pid("limits");
    assertThat(Kernel.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("67108864");
    assertThat(Kernel.limit(pid, "pids", "pids.max", "pids.max")).isEqualTo("50");
    assertThat(Kernel.limit(pid, "cpuset", "cpuset.cpus", "cpuset.cpus")).isEqualTo("0");
    assertThat(Kernel.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("50000");
    docker
        .run(
            "update",
            "-m",
            "32m",
            "--memory-swap",
            "64m",
            "--cpus",
            "1",
            "--pids-limit",
            "20",
            "limits")
        .ok();
    assertThat(Kernel.limit(pid, "memory", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo("33554432");
    assertThat(Kernel.limit(pid, "pids", "pids.max", "pids.max")).isEqualTo("20");
    assertThat(Kernel.limit(pid, "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("100000");
    docker.run("rm", "-f", "limits").ok();
  }

  @Test
  void statsAndTopSeeTheContainer() {
    docker.runContainer("-d", "--name", "seen", "-m", "64m", NAME, "sleep", "1234").ok();
    String format = "{{.Name}} {{.PIDs}} {{.MemUsage}}";
    assertThat(docker.run("stats", "--no-stream", "--format", format, "seen").ok().line())
        .matches("seen 1 [1-9][0-9.]*[KM]iB / 64MiB");
    assertThat(docker.run("top", "seen", "-o", "pid,args").ok().lines())
        .anyMatch(line -> line.matches(docker.pid("seen") + " +sleep 1234"));
    docker.run("rm", "-f", "seen").ok();
  }

  @Test
  void aPausedContainerStandsStill() {
    docker.runContainer("-d", "--name", "pause", NAME, "sleep", "1000").ok();
    docker.run("pause", "pause").ok();
    assertThat(docker.inspect("pause", "{{.State.Status}}")).isEqualTo("paused");
    docker.run("exec", "pause", "true").fails(1, "paused");
    docker.run("unpause", "pause").ok();
    docker.run("exec", "pause", "true").ok();
    docker.run("rm", "-f", "pause").ok();
  }

  @Test
  void stopKillAndRestart() {
    String trap =
        "trap 'echo term; exit 3' TERM; trap 'echo usr1' USR1; echo up; while :; do sleep 0.05; done";
    docker.runContainer("-d", "--name", "life", NAME, "sh", "-c", trap).ok();
    logged("life", "up");
    docker.run("kill", "-s", "USR1", "life").ok();
    logged("life", "usr1");
    docker.run("stop", "-t", "10", "life").ok();
    assertThat(docker.inspect("life", "{{.State.ExitCode}}")).isEqualTo("3");
    assertThat(docker.run("logs", "life").ok().lines()).containsExactly("up", "usr1", "term");
    docker.run("start", "life").ok();
    long first = docker.pid("life");
    docker.run("restart", "-t", "0", "life").ok();
    assertThat(docker.pid("life")).isNotEqualTo(first).isPositive();
    docker.run("kill", "life").ok();
    assertThat(docker.run("wait", "life").ok().line()).isEqualTo("137");
    docker.run("rm", "life").ok();
  }

  private static void logged(String container, String line) {
    Coffer.eventually(() -> docker.run("logs", container).lines().contains(line));
  }

  @Test
  void anOutOfMemoryKillIsTold() {
    String eat = "dd if=/dev/zero of=/dev/null bs=64M; sleep 0.5; exit 9";
    docker.runContainer("--name", "oom", "-m", "16m", NAME, "sh", "-c", eat).fails(9, "Killed");
    assertThat(docker.inspect("oom", "{{.State.OOMKilled}}")).isEqualTo("true");
    docker.run("rm", "oom").ok();
  }

  @Test
  void identityAndPrivilegesAreTheKernels() {
    assertThat(with(NAME, "grep", "CapEff", "/proc/self/status")).endsWith(DEFAULT_CAPABILITIES);
    assertThat(with(NAME, "grep", "Seccomp:", "/proc/self/status")).endsWith("2");
    assertThat(with("-u", "1000:1000", NAME, "id")).isEqualTo("uid=1000 gid=1000 groups=1000");
    assertThat(with("--hostname", "box", NAME, "hostname")).isEqualTo("box");
    assertThat(with("--cap-drop", "ALL", NAME, "grep", "CapBnd", "/proc/self/status"))
        .endsWith("0000000000000000");
    assertThat(
            with(
                "--security-opt",
                "no-new-privileges",
                "--security-opt",
                "seccomp=unconfined",
                NAME,
                "grep",
                "-E",
                "NoNewPrivs|Seccomp:",
                "/proc/self/status"))
        .matches("NoNewPrivs:\\s1\\nSeccomp:\\s0");
    assertThat(with("--ulimit", "nofile=99:100", NAME, "sh", "-c", "ulimit -Sn; ulimit -Hn"))
        .isEqualTo("99\n100");
    assertThat(with("--oom-score-adj", "500", NAME, "cat", "/proc/self/oom_score_adj"))
        .isEqualTo("500");
    assertThat(
            with(
                "--sysctl",
                "kernel.shm_rmid_forced=1",
                NAME,
                "cat",
                "/proc/sys/kernel/shm_rmid_forced"))
        .isEqualTo("1");
    assertThat(
            with("--device", "/dev/null:/dev/nothing", NAME, "stat", "-c", "%t:%T", "/dev/nothing"))
        .isEqualTo("1:3");
    with("--device-cgroup-rule", "c 42:* rmw", NAME, "mknod", "/tmp/node", "c", "42", "7");
    assertThat(with("--init", NAME, "cat", "/proc/1/cmdline")).startsWith("/sbin/docker-init");
  }

  /**
   * The daemon asks for every capability that the kernel knows. Where root itself has not all of
   * them, runc fails; the specification has a runtime warn and grant what it can (config.md,
   * capabilities), which then is all that root has.
   */
  @Test
  void privilegedIsAllOrAnError() {
    String[] mount = {"--rm", "--privileged", NAME, "mount", "-t", "tmpfs", "none", "/tmp"};
    if (Kernel.rootHasAllCapabilities()) {
      docker.runContainer(mount).ok();
    } else {
      Result result = docker.runContainer(mount);
      if (result.exitCode() == 0) {
        String line = with("--privileged", NAME, "grep", "CapEff", "/proc/self/status");
        assertThat(Kernel.knownToDocker(line.substring(line.indexOf('\t') + 1)))
            .isEqualTo(Kernel.knownToDocker(Kernel.rootsCapabilities()));
      } else {
        Result refused = result.fails(125, "peration not permitted");
        assertThat(refused.err()).containsPattern("(?i)cap(s|abilit)");
      }
    }
  }

  @Test
  void mountsAreAsAsked() throws IOException {
    Path shared = Files.createDirectory(docker.directory().resolve("shared"));
    Files.writeString(shared.resolve("from-host"), "host");
    String bind = shared + ":/data";
    assertThat(with("-v", bind, NAME, "sh", "-c", "cat /data/from-host; echo c >/data/back"))
        .isEqualTo("host");
    assertThat(shared.resolve("back")).hasContent("c\n");
    docker.runContainer("--rm", "-v", bind + ":ro", NAME, "touch", "/data/x").fails(1, "Read-only");
    docker
        .runContainer("--rm", "-v", "/etc/hostname:/etc", NAME, "true")
        .fails(125, "not a directory");
    docker.runContainer("--rm", "--read-only", NAME, "touch", "/x").fails(1, "Read-only");
    assertThat(
            with("--read-only", "--tmpfs", "/t:size=1m", NAME, "sh", "-c", "touch /t/x; df -k /t"))
        .contains(" 1024 ");
    with("-v", "kept:/v", NAME, "sh", "-c", "echo kept >/v/f");
    assertThat(with("-v", "kept:/v", NAME, "cat", "/v/f")).isEqualTo("kept");
    docker.run("volume", "rm", "kept").ok();
  }

  @Test
  void namespacesAreJoined() {
    docker.runContainer("-d", "--name", "first", "--ipc", "shareable", NAME, "sleep", "1000").ok();
    Result second =
        docker.run(
            "run",
            "-d",
            "--runtime",
            Docker.RUNTIME,
            "--name",
            "second",
            "--network",
            "container:first",
            "--pid",
            "container:first",
            "--ipc",
            "container:first",
            NAME,
            "sleep",
            "1000");
    second.ok();
    for (String kind : List.of("net", "pid", "ipc")) {
      assertThat(Kernel.namespace(docker.pid("second"), kind))
          .isEqualTo(Kernel.namespace(docker.pid("first"), kind));
    }
    assertThat(Kernel.namespace(docker.pid("second"), "mnt"))
        .isNotEqualTo(Kernel.namespace(docker.pid("first"), "mnt"));
    docker.run("rm", "-f", "second", "first").ok();
    String host = "for kind in pid uts ipc; do readlink /proc/self/ns/$kind; done";
    long self = ProcessHandle.current().pid();
    assertThat(with("--pid", "host", "--uts", "host", "--ipc", "host", NAME, "sh", "-c", host))
        .isEqualTo(
            String.join(
                "\n",
                Kernel.namespace(self, "pid"),
                Kernel.namespace(self, "uts"),
                Kernel.namespace(self, "ipc")));
  }

  @Test
  void healthIsChecked() {
    docker
        .runContainer(
            "-d",
            "--name",
            "health",
            "--health-cmd",
            "test -e /tmp/well",
            "--health-interval",
            "200ms",
            "--health-retries",
            "1",
            NAME,
            "sleep",
            "1000")
        .ok();
    Coffer.eventually(() -> health().equals("unhealthy"));
    docker.run("exec", "health", "touch", "/tmp/well").ok();
    Coffer.eventually(() -> health().equals("healthy"));
    docker.run("rm", "-f", "health").ok();
  }

  private static String health() {
    return docker.inspect("health", "{{.State.Health.Status}}");
  }

  @Test
  void filesAreCopiedBothWays() throws IOException {
    Path file = Files.writeString(docker.directory().resolve("copied"), "text");
    docker.runContainer("-d", "--name", "copy", NAME, "sleep", "1000").ok();
    docker.run("cp", file.toString(), "copy:/tmp/there").ok();
    docker.run("cp", "copy:/tmp/there", docker.directory().resolve("back").toString()).ok();
    assertThat(docker.directory().resolve("back")).hasContent("text");
    docker.run("rm", "-f", "copy").ok();
  }

  @Test
  void twentyAtOnce() {
    List<Process> started =
        IntStream.range(0, 20)
            .mapToObj(
                i -> docker.startContainer("--rm", NAME, "sh", "-c", "echo " + i + "; exit " + i))
            .toList();
    for (int i = 0; i < started.size(); i++) {
      Result result = Coffer.finish(started.get(i), new byte[0]);
      assertThat(result.exitCode()).as(result.err()).isEqualTo(i);
      assertThat(result.line()).isEqualTo(Integer.toString(i));
    }
  }

  private static String with(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--rm"));
    all.addAll(List.of(arguments));
    return docker.runContainer(all.toArray(String[]::new)).ok().line();
  }
}
