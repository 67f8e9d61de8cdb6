package dev.coffer.conformance.oci;

import static dev.coffer.conformance.oci.Fact.matches;
import static dev.coffer.conformance.oci.Fact.says;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What a process is born with beside its identity: its schedule, and nothing of the caller's. */
class BirthIT extends OciSuite {
  /** This process's, which its children have unless they are given another (proc_pid_stat(5)). */
  private static final String OWN_NICE =
      Leftovers.read(Path.of("/proc/self/stat")).replaceFirst("^.*\\) ", "").split(" ", -1)[16];

  @Override
  void prepare(Workspace workspace) {
    Probe.install(workspace);
  }

  /** Policy, flags, nice, priority; class and data; mode and nodes. */
  @TestFactory
  Stream<DynamicNode> scheduling() {
    return Stream.of(
        facts(
            "as the host has it",
            b -> {},
            says("probe scheduler | cut -d' ' -f1-4", "0 0 " + OWN_NICE + " 0"),
            says("probe priority", "0 0"),
            says("probe policy", "0 0")),
        facts(
            "SCHED_BATCH",
            b -> b.set("process.scheduler", Map.of("policy", "SCHED_BATCH", "nice", 5)),
            says("probe scheduler | cut -d' ' -f1-4", "3 0 5 0").except(Deviation.SCHEDULER)),
        facts(
            "SCHED_IDLE",
            b -> b.set("process.scheduler", Map.of("policy", "SCHED_IDLE")),
            says("probe scheduler | cut -d' ' -f1", "5").except(Deviation.SCHEDULER)),
        facts(
            "SCHED_FIFO",
            b ->
                b.set(
                        "process.scheduler",
                        Map.of(
                            "policy",
                            "SCHED_FIFO",
                            "priority",
                            7,
                            "flags",
                            List.of("SCHED_FLAG_RESET_ON_FORK")))
                    .capabilities("CAP_SYS_NICE")
                    .set("linux.resources.cpu.realtimePeriod", 1_000_000)
                    .set("linux.resources.cpu.realtimeRuntime", 10_000),
            says("cat /proc/1/sched | awk '/^policy/ {print $3}'", "1")
                .except(Deviation.SCHEDULER)),
        facts(
            "SCHED_OTHER and nice",
            b -> b.set("process.scheduler", Map.of("policy", "SCHED_OTHER", "nice", 13)),
            says("probe scheduler | cut -d' ' -f1-4", "0 0 13 0").except(Deviation.SCHEDULER)),
        facts(
            "IOPRIO_CLASS_BE",
            b -> b.set("process.ioPriority", Map.of("class", "IOPRIO_CLASS_BE", "priority", 6)),
            says("probe priority", "2 6").except(Deviation.IO_PRIORITY)),
        facts(
            "IOPRIO_CLASS_IDLE",
            b -> b.set("process.ioPriority", Map.of("class", "IOPRIO_CLASS_IDLE", "priority", 0)),
            says("probe priority", "3 0").except(Deviation.IO_PRIORITY)),
        facts(
            "IOPRIO_CLASS_RT",
            b -> b.set("process.ioPriority", Map.of("class", "IOPRIO_CLASS_RT", "priority", 1)),
            says("probe priority", "1 1").except(Deviation.IO_PRIORITY)),
        facts(
            "memory bound to a node",
            b -> b.set("linux.memoryPolicy", Map.of("mode", "MPOL_BIND", "nodes", "0")),
            says("probe policy", "2 1").except(Deviation.MEMORY_POLICY)),
        facts(
            "memory interleaved",
            b ->
                b.set(
                    "linux.memoryPolicy",
                    Map.of(
                        "mode",
                        "MPOL_INTERLEAVE",
                        "nodes",
                        "0",
                        "flags",
                        List.of("MPOL_F_STATIC_NODES"))),
            says("probe policy", "32771 1").except(Deviation.MEMORY_POLICY)));
  }

  @TestFactory
  Stream<DynamicNode> personality() {
    return Stream.of(
        facts(
            "as the host has it",
            b -> {},
            matches("cat /proc/self/personality", "00000000"),
            says("uname -m", System.getProperty("os.arch").replace("amd64", "x86_64"))),
        facts(
            "LINUX",
            b -> b.set("linux.personality", Map.of("domain", "LINUX")),
            says("cat /proc/self/personality", "00000000")),
        facts(
            "LINUX32",
            b -> b.set("linux.personality", Map.of("domain", "LINUX32")),
            says("cat /proc/self/personality", "00000008").except(Deviation.PERSONALITY),
            matches("uname -m", "i686|armv8l").except(Deviation.PERSONALITY)));
  }

  /** What a process would inherit by accident. */
  @TestFactory
  Stream<DynamicNode> inheritance() {
    return Stream.of(
        facts(
            "inheritance",
            b -> {},
            says("signals blocked", "sed -n 's/^SigBlk:\t*//p' /proc/1/status", "0000000000000000"),
            says("pid", "echo $$", "1"),
            says("parent", "awk '/^PPid/ {print $2}' /proc/1/status", "0"),
            says("session", "awk '{print $6}' /proc/1/stat", "1"),
            says("process group", "awk '{print $5}' /proc/1/stat", "1"),
            says("terminal", "awk '{print $7}' /proc/1/stat", "0"),
            says("nice", "awk '{print $19}' /proc/1/stat", OWN_NICE),
            says("it alone runs", "ls /proc | grep -c '^[0-9]*$' | awk '{print ($1 < 6)}'", "1"),
            says("tracer", "awk '/^TracerPid/ {print $2}' /proc/1/status", "0"),
            says(
                "the binary of the runtime is out of reach",
                "readlink /proc/1/exe",
                "/bin/busybox")),
        check(
            "descriptors of the caller do not come in",
            () -> {
              Bundle bundle = workspace().bundle().shell("ls /proc/1/fd; true").write();
              Container container = workspace().container(bundle);
              Result result =
                  container.runUnder(
                      List.of("/bin/sh", "-c", "exec 5</etc/passwd 9</etc \"$@\"", "sh"));
              assertThat(result.ok().line()).isEqualTo("0\n1\n2");
            }),
        check(
            "--preserve-fds hands over so many from 3 on",
            () -> {
              Bundle bundle = workspace().bundle().shell("ls /proc/1/fd; head -n 1 <&4").write();
              Container container = workspace().container(bundle);
              Result result =
                  runtime()
                      .start(
                          "",
                          List.of(
                              "/bin/sh",
                              "-c",
                              "exec 3</dev/null 4</etc/passwd 5</etc/group \"$@\"",
                              "sh"),
                          List.of(
                              "run",
                              "--preserve-fds",
                              "2",
                              "--bundle",
                              bundle.directory().toString(),
                              container.id()))
                      .finish();
              assertThat(result.ok().line()).startsWith("0\n1\n2\n3\n4\nroot:");
            }),
        check(
            "--preserve-fds of one that is not open",
            () -> {
              Bundle bundle = workspace().bundle().args("true").write();
              Container container = workspace().container(bundle);
              container.run("--preserve-fds", "9").fails("preserve");
            }),
        check(
            "LISTEN_FDS that is left over from another process",
            () -> {
              Bundle bundle = workspace().bundle().shell("ls /proc/1/fd; true").write();
              Container container = workspace().container(bundle);
              Result result = container.runUnder(List.of("env", "LISTEN_FDS=2"));
              assertThat(result.ok().line()).isEqualTo("0\n1\n2");
            }),
        check(
            "signals that the caller ignores and blocks do not come in",
            Deviation.INHERITED_SIGNALS,
            () -> {
              Bundle bundle = workspace().bundle().args("cat", "/proc/self/status").write();
              Container container = workspace().container(bundle);
              return container.runUnder(
                  List.of("env", "--ignore-signal=USR2", "--block-signal=USR1"));
            },
            result ->
                assertThat(result.value("SigBlk") + " " + result.value("SigIgn"))
                    .isEqualTo("0000000000000000 0000000000000000")),
        check(
            "standard input is the caller's",
            () -> {
              Bundle bundle = workspace().bundle().args("cat").write();
              Container container = workspace().container(bundle);
              assertThat(
                      runtime()
                          .runWithInput(
                              "some words",
                              "run",
                              "--bundle",
                              bundle.directory().toString(),
                              container.id())
                          .ok()
                          .out())
                  .isEqualTo("some words");
            }),
        check(
            "standard error is apart",
            () -> {
              Result result = run(b -> b.shell("echo out; echo err >&2"));
              assertThat(result.ok().out() + "|" + result.err()).isEqualTo("out\n|err\n");
            }));
  }
}
