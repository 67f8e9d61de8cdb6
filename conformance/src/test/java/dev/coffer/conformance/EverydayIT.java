package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The everyday commands, as someone who comes from Docker types them. */
class EverydayIT {

  private static Coffer coffer;

  @BeforeAll
  static void open() {
    coffer = Coffer.open();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  @Test
  void runPrintsWhatTheContainerPrints() {
    assertThat(coffer.run("run", "--rm", "busybox", "echo", "hello").ok().out())
        .isEqualTo("hello\n");
  }

  @Test
  void standardErrorStaysApart() {
    var result = coffer.run("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2").ok();
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
  }

  @Test
  void exitCodesAreDockers() {
    coffer.run("run", "--rm", "busybox", "sh", "-c", "exit 42").fails(42);
    coffer.run("run", "--rm", "--init", "busybox", "sh", "-c", "kill -TERM $$").fails(143);
    coffer.run("run", "--rm", "busybox", "no-such-command").fails(127, "no-such-command");
    coffer.run("run", "--rm", "busybox", "/etc/passwd").fails(126, "/etc/passwd");
    coffer.run("run", "--no-such-flag", "busybox").fails(125, "--no-such-flag");
    coffer.run("run", "--rm", "-v", "relative:/x:nonsense", "busybox").fails(125, "nonsense");
    coffer.run("run", "--rm", "no-such-image").fails(125, "no-such-image");
    coffer.run("no-such-verb").fails(1, "no-such-verb");
  }

  @Test
  void inputReachesTheContainer() {
    assertThat(coffer.runWithInput("a\nb\n", "run", "--rm", "-i", "busybox", "cat").ok().out())
        .isEqualTo("a\nb\n");
    assertThat(coffer.runWithInput("a\n", "run", "--rm", "busybox", "cat").ok().out()).isEmpty();
  }

  @Test
  void aClosedInputIsAnEmptyOne() throws IOException {
    String command = coffer.binary() + " run --rm -i busybox cat <&-";
    ProcessBuilder shell = new ProcessBuilder("timeout", "20", "sh", "-c", command);
    shell.environment().put("COFFER_ROOT", coffer.root().toString());
    shell.environment().put("COFFER_NETWORK", "none");
    assertThat(Coffer.finish(shell.start(), new byte[0]).ok().out()).isEmpty();
  }

  @Test
  void manyMegabytesPassUnharmed() {
    var result =
        coffer.run("run", "--rm", "busybox", "sh", "-c", "yes 0123456789abcde | head -c 16000000");
    assertThat(result.ok().out()).hasSize(16_000_000);
    assertThat(result.out().replace("0123456789abcde\n", "")).isEmpty();
  }

  @Test
  void accountsAreTheContainersOwnOnceItHasChangedThem() {
    String program = "echo $HOME; sed -i s,:/root:,:/tmp:, /etc/passwd";
    coffer.run("run", "--name", "accounts", "busybox", "sh", "-c", program).ok();
    coffer.run("start", "-a", "accounts").ok();
    assertThat(coffer.run("logs", "accounts").ok().out()).isEqualTo("/root\n/tmp\n");
    coffer.run("rm", "accounts").ok();
    assertThat(coffer.run("run", "--rm", "busybox", "sh", "-c", "echo $HOME").ok().out())
        .isEqualTo("/root\n");
  }

  @Test
  void aContainerLivesThroughItsStates() {
    String id = coffer.run("create", "--name", "life", "busybox", "sleep", "1000").ok().line();
    assertThat(id).matches("[0-9a-f]{64}");
    assertThat(state("life")).isEqualTo("created");
    coffer.run("start", "life").ok();
    assertThat(state("life")).isEqualTo("running");
    coffer.run("pause", "life").ok();
    assertThat(state("life")).isEqualTo("paused");
    coffer.run("exec", "life", "true").fails(1, "paused");
    coffer.run("unpause", "life").ok();
    coffer.run("rm", "life").fails(1, "life");
    coffer.run("rename", "life", "living").ok();
    coffer.run("stop", "-t", "0", "living").ok();
    assertThat(state("living")).isEqualTo("exited");
    assertThat(coffer.run("wait", "living").ok().line()).isEqualTo("137");
    coffer.run("restart", "-t", "0", "living").ok();
    assertThat(state(id.substring(0, 12))).isEqualTo("running");
    coffer.run("rm", "-f", "living").ok();
    coffer.run("inspect", "living").fails(1, "living");
  }

  @Test
  void execRunsBesideTheFirstProcess() {
    coffer.run("run", "-d", "--name", "host", "-e", "A=1", "busybox", "sleep", "1000").ok();
    assertThat(
            coffer
                .run("exec", "-e", "B=2", "-w", "/tmp", "host", "sh", "-c", "echo $A$B; pwd")
                .ok()
                .out())
        .isEqualTo("12\n/tmp\n");
    assertThat(coffer.run("exec", "-u", "1000:1000", "host", "id", "-u").ok().line())
        .isEqualTo("1000");
    coffer.run("exec", "host", "sh", "-c", "exit 9").fails(9);
    coffer.run("exec", "host", "no-such-command").fails(127, "no-such-command");
    assertThat(coffer.runWithInput("in", "exec", "-i", "host", "cat").ok().out()).isEqualTo("in");
    coffer.run("exec", "-d", "host", "touch", "/tmp/detached").ok();
    assertThat(coffer.run("top", "host").ok().out()).contains("sleep 1000");
    assertThat(coffer.run("top", "host", "-eo", "pid,comm").ok().out().lines())
        .hasSize(2)
        .last()
        .asString()
        .endsWith("sleep");
    coffer.run("top", "host", "-o", "comm").fails(1, "ps shows no column PID");
    coffer.run("rm", "-f", "host").ok();
  }

  @Test
  void aJoinedIpcNamespaceComesWithItsSharedMemory() {
    coffer.run("run", "-d", "--name", "one", "--shm-size", "1m", "busybox", "sleep", "1000").ok();
    coffer.run("exec", "one", "sh", "-c", "echo shared > /dev/shm/note").ok();
    String script =
        "cat /dev/shm/note; echo back > /dev/shm/answer; grep ' /dev/shm ' /proc/mounts";
    var joined =
        coffer.run("run", "--rm", "--ipc", "container:one", "busybox", "sh", "-c", script).ok();
    assertThat(joined.out().lines())
        .satisfiesExactly(
            note -> assertThat(note).isEqualTo("shared"),
            mount -> assertThat(mount).contains("nosuid", "nodev", "noexec", "size=1024k"));
    assertThat(joined.err()).isEmpty();
    assertThat(coffer.run("exec", "one", "cat", "/dev/shm/answer").ok().out()).isEqualTo("back\n");
    coffer.run("rm", "-f", "one").ok();
  }

  @Test
  void whatNobodyUsesIsPruned() {
    coffer.run("run", "-d", "--name", "used", "busybox", "sleep", "1000").ok();
    String old = coffer.run("create", "--label", "old", "busybox").ok().out().strip();
    coffer.run("create", "--name", "spared", "busybox").ok();
    coffer.run("container", "prune").fails(1, "--force");
    coffer.run("container", "prune", "-f", "--filter", "nonsense=1").fails(1, "nonsense");
    String pruned = coffer.run("container", "prune", "-f", "--filter", "label=old").ok().out();
    assertThat(pruned).startsWith("Deleted Containers:\n" + old + "\n\nTotal reclaimed space: ");
    assertThat(coffer.run("ps", "-a", "--format", "{{.Names}}").ok().out())
        .contains("used", "spared");
    coffer.run("tag", "busybox", "box:2").ok();
    assertThat(coffer.run("image", "prune", "-a", "-f").ok().out())
        .doesNotContain("busybox")
        .contains("Total reclaimed space: ");
    assertThat(coffer.run("system", "df", "--format", "{{.Type}} {{.TotalCount}}").ok().out())
        .contains("Images ", "Containers ", "Local Volumes ");
    coffer.run("system", "prune", "-f").ok();
    assertThat(coffer.run("ps", "-a", "--format", "{{.Names}}").ok().out())
        .contains("used")
        .doesNotContain("spared");
    coffer.run("rm", "-f", "used").ok();
    coffer.run("rmi", "box:2").ok();
  }

  @Test
  void logsKeepWhatWasWritten() {
    coffer
        .run("run", "--name", "log", "busybox", "sh", "-c", "echo one; echo two >&2; printf three")
        .ok();
    var logs = coffer.run("logs", "log").ok();
    assertThat(logs.out()).isEqualTo("one\nthree");
    assertThat(logs.err()).isEqualTo("two\n");
    assertThat(coffer.run("logs", "-t", "log").ok().out())
        .containsPattern("^\\d{4}-\\d\\d-\\d\\dT.*Z one");
    // Of two streams nobody can tell which line was the last.
    coffer.run("run", "--name", "tail", "busybox", "sh", "-c", "echo one; printf two").ok();
    assertThat(coffer.run("logs", "--tail", "1", "tail").ok().out()).isEqualTo("two");
    coffer.run("rm", "log", "tail").ok();
  }

  @Test
  void namesAndIdsAreUnique() {
    coffer.run("create", "--name", "twin", "busybox").ok();
    coffer.run("create", "--name", "twin", "busybox").fails(1, "twin", "in use");
    coffer.run("create", "--name", "-bad", "busybox").fails(1, "-bad");
    coffer.run("rm", "twin").ok();
  }

  @Test
  void bindMountsAndTmpfs() throws IOException {
    Path shared = Files.createDirectory(coffer.directory().resolve("shared"));
    Files.writeString(shared.resolve("from-host"), "host");
    String bind = shared + ":/data";
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "-v",
                    bind,
                    "busybox",
                    "sh",
                    "-c",
                    "cat /data/from-host; echo c > /data/c")
                .ok()
                .out())
        .isEqualTo("host");
    assertThat(shared.resolve("c")).hasContent("c\n");
    coffer
        .run("run", "--rm", "-v", bind + ":ro", "busybox", "touch", "/data/x")
        .fails(1, "Read-only");
    coffer
        .run("run", "--rm", "--mount", "type=bind,source=/no/such,target=/x", "busybox")
        .fails(125, "/no/such");
    assertThat(
            coffer
                .run(
                    "run",
                    "--rm",
                    "--tmpfs",
                    "/t:size=1m,mode=1777",
                    "busybox",
                    "sh",
                    "-c",
                    "df -k /t | tail -1")
                .ok()
                .out())
        .contains("1024")
        .contains("/t");
    coffer.run("run", "--rm", "--read-only", "busybox", "touch", "/x").fails(1, "Read-only");
  }

  @Test
  void volumesOutliveContainers() {
    coffer.run("run", "--rm", "-v", "kept:/v", "busybox", "sh", "-c", "echo kept > /v/f").ok();
    assertThat(coffer.run("run", "--rm", "-v", "kept:/v", "busybox", "cat", "/v/f").ok().out())
        .isEqualTo("kept\n");
  }

  @Test
  void identityAndPrivileges() {
    assertThat(inside("--hostname", "box", "busybox", "hostname")).isEqualTo("box");
    assertThat(inside("-u", "nobody", "busybox", "id", "-un")).isEqualTo("nobody");
    assertThat(inside("busybox", "grep", "CapEff", "/proc/self/status"))
        .endsWith("00000000a80425fb");
    assertThat(
            inside(
                "--cap-drop",
                "ALL",
                "--cap-add",
                "NET_RAW",
                "busybox",
                "grep",
                "CapEff",
                "/proc/self/status"))
        .endsWith("0000000000002000");
    assertThat(inside("busybox", "grep", "Seccomp:", "/proc/self/status")).endsWith("2");
    assertThat(
            inside(
                "--security-opt",
                "seccomp=unconfined",
                "busybox",
                "grep",
                "Seccomp:",
                "/proc/self/status"))
        .endsWith("0");
    assertThat(
            inside(
                "--security-opt",
                "no-new-privileges",
                "busybox",
                "grep",
                "NoNewPrivs",
                "/proc/self/status"))
        .endsWith("1");
    assertThat(inside("busybox", "sh", "-c", "echo $$")).isEqualTo("1");
    assertThat(inside("--init", "busybox", "sh", "-c", "test $$ -ne 1 && echo reaped"))
        .isEqualTo("reaped");
    coffer.run("run", "--rm", "busybox", "mount", "-t", "tmpfs", "x", "/tmp").fails(1);
    coffer.run("run", "--rm", "--privileged", "busybox", "mount", "-t", "tmpfs", "x", "/tmp").ok();
    assertThat(inside("--ulimit", "nofile=99:100", "busybox", "sh", "-c", "ulimit -Sn; ulimit -Hn"))
        .isEqualTo("99\n100");
    assertThat(
            inside(
                "--sysctl",
                "kernel.shm_rmid_forced=1",
                "busybox",
                "cat",
                "/proc/sys/kernel/shm_rmid_forced"))
        .isEqualTo("1");
    assertThat(inside("--shm-size", "2m", "busybox", "sh", "-c", "df -k /dev/shm | tail -1"))
        .contains("2048");
    assertThat(inside("--oom-score-adj", "500", "busybox", "cat", "/proc/self/oom_score_adj"))
        .isEqualTo("500");
  }

  @Test
  void limitsAreTheKernels() {
    String id =
        coffer
            .run(
                "run",
                "-d",
                "--memory",
                "64m",
                "--pids-limit",
                "20",
                "--cpus",
                "0.5",
                "--cpu-shares",
                "512",
                "--cpuset-cpus",
                "0",
                "busybox",
                "sleep",
                "1000")
            .ok()
            .line();
    assertThat(cgroup("memory", id, "memory.limit_in_bytes")).isEqualTo("67108864");
    assertThat(cgroup("pids", id, "pids.max")).isEqualTo("20");
    assertThat(cgroup("cpu", id, "cpu.cfs_quota_us")).isEqualTo("50000");
    assertThat(cgroup("cpu", id, "cpu.shares")).isEqualTo("512");
    assertThat(cgroup("cpuset", id, "cpuset.cpus")).isEqualTo("0");
    coffer.run("rm", "-f", id).ok();
  }

  @Test
  void anOutOfMemoryKillIsTold() {
    coffer
        .run(
            "run",
            "--name",
            "oom",
            "--memory",
            "16m",
            "busybox",
            "sh",
            "-c",
            "dd if=/dev/zero of=/dev/null bs=64M")
        .fails(137);
    assertThat(coffer.run("inspect", "-f", "{{.State.OOMKilled}}", "oom").ok().line())
        .isEqualTo("true");
    coffer.run("rm", "oom").ok();
  }

  @Test
  void listsShowWhatRuns() {
    coffer
        .run("run", "-d", "--name", "listed", "--label", "kind=test", "busybox", "sleep", "1000")
        .ok();
    assertThat(
            coffer
                .run(
                    "ps",
                    "--filter",
                    "label=kind=test",
                    "--format",
                    "{{.Names}}\t{{.Image}}\t{{.State}}")
                .ok()
                .line())
        .isEqualTo("listed\tbusybox\trunning");
    assertThat(coffer.run("ps", "--filter", "name=listed").ok().lines().getFirst())
        .startsWith("CONTAINER ID   IMAGE");
    assertThat(coffer.run("images", "--format", "{{.Repository}}:{{.Tag}}").ok().lines())
        .contains("busybox:latest");
    coffer.run("rm", "-f", "listed").ok();
  }

  @Test
  void explainRunsNothing() {
    List<String> before = coffer.run("ps", "-aq").ok().lines();
    assertThat(coffer.run("explain", "run", "-v", "/tmp:/data:ro", "busybox", "true").ok().out())
        .contains("pivot_root")
        .contains("/data");
    assertThat(coffer.run("explain", "run", "--json", "busybox", "true").ok().out())
        .startsWith("{\n")
        .contains("\"call\": \"pivot_root(")
        .endsWith("}\n");
    assertThat(coffer.run("ps", "-aq").ok().lines()).isEqualTo(before);
  }

  @Test
  void imagesTravel() {
    coffer.run("run", "--rm", "busybox", "true").ok();
    Path archive = coffer.directory().resolve("saved.tar");
    coffer.run("save", "-o", archive.toString(), "busybox").ok();
    coffer.run("tag", "busybox", "other:1").ok();
    coffer.run("rmi", "other:1").ok();
    assertThat(coffer.run("load", "-i", archive.toString()).ok().out()).contains("busybox:latest");
    assertThat(coffer.run("history", "busybox").ok().lines().getFirst()).startsWith("IMAGE");
    coffer.run("rmi", "no-such-image").fails(1, "no-such-image");
  }

  private static String inside(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = "--rm";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return coffer.run(all).ok().line();
  }

  private static String state(String container) {
    return coffer.run("inspect", "-f", "{{.State.Status}}", container).ok().line();
  }

  private static String cgroup(String controller, String id, String file) {
    try {
      return Files.readString(
              Path.of("/sys/fs/cgroup", controller, coffer.cgroupParent(), id, file))
          .strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
