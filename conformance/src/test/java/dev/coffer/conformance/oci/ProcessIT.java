package dev.coffer.conformance.oci;

import static dev.coffer.conformance.oci.Fact.allowed;
import static dev.coffer.conformance.oci.Fact.matches;
import static dev.coffer.conformance.oci.Fact.refused;
import static dev.coffer.conformance.oci.Fact.says;
import static dev.coffer.conformance.oci.Fact.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The process object, and what else a process is born with. */
class ProcessIT extends OciSuite {

  @Override
  void prepare(Workspace workspace) {
    Probe.install(workspace);
  }

  @TestFactory
  Stream<DynamicNode> user() {
    return Stream.of(
        facts(
            "root",
            b -> {},
            status("Uid", "0\t0\t0\t0"),
            status("Gid", "0\t0\t0\t0"),
            status("Groups", ""),
            status("Umask", "0022"),
            says("echo $HOME", "/root")),
        facts(
            "a user of the passwd file",
            b -> b.set("process.user.uid", 1000).set("process.user.gid", 1000),
            status("Uid", "1000\t1000\t1000\t1000"),
            status("Gid", "1000\t1000\t1000\t1000"),
            status("Groups", ""),
            says("echo $HOME", "/home/user"),
            refused("cat /etc/shadow"),
            refused("touch /etc/new")),
        facts(
            "a user of no file",
            b -> b.set("process.user.uid", 4242).set("process.user.gid", 4343),
            status("Uid", "4242\t4242\t4242\t4242"),
            status("Gid", "4343\t4343\t4343\t4343"),
            says("echo $HOME", "/")),
        facts(
            "additional groups",
            b ->
                b.set("process.user.uid", 1000)
                    .set("process.user.additionalGids", List.of(29, 7, 4000000)),
            status("Groups", "7 29 4000000"),
            status("Gid", "0\t0\t0\t0")),
        facts(
            "root with additional groups",
            b -> b.set("process.user.additionalGids", List.of(5)),
            status("Groups", "5")),
        facts(
            "a home that is set",
            b -> b.add("process.env", "HOME=/elsewhere"),
            says("echo $HOME", "/elsewhere")),
        facts(
            "the largest ids",
            b -> b.set("process.user.uid", 2147483647).set("process.user.gid", 2147483647),
            status("Uid", "2147483647\t2147483647\t2147483647\t2147483647")));
  }

  @TestFactory
  Stream<DynamicNode> umask() {
    return IntStream.of(0, 0002, 0022, 0027, 0077, 0777)
        .mapToObj(
            umask ->
                facts(
                    "umask %04o".formatted(umask),
                    b -> b.set("process.user.umask", umask),
                    status("Umask", "%04o".formatted(umask)),
                    says("touch /tmp/f; stat -c %a /tmp/f", "%o".formatted(0666 & ~umask))));
  }

  @TestFactory
  Stream<DynamicNode> environmentAndArguments() {
    return Stream.of(
        check(
            "the environment is the config's, and HOME",
            () ->
                assertThat(
                        run(b ->
                                b.set(
                                        "process.env",
                                        List.of("PATH=/bin", "A=1", "B=with space", "C=", "D==="))
                                    .args("cat", "/proc/self/environ"))
                            .ok()
                            .out()
                            .split("\0"))
                    .containsExactlyInAnyOrder(
                        "PATH=/bin", "A=1", "B=with space", "C=", "D===", "HOME=/root")),
        check(
            "arguments come as they are",
            () ->
                assertThat(
                        run(b ->
                                b.args("cat", "/proc/self/cmdline", "-", "", "a b", "$HOME", "ü\n"))
                            .out())
                    .isEqualTo("cat\0/proc/self/cmdline\0-\0\0a b\0$HOME\0ü\n\0")),
        check(
            "a program is found by the container's PATH",
            () -> {
              Bundle bundle = workspace().bundle().set("process.env", List.of("PATH=/opt:/bin"));
              bundle
                  .file("opt/tool", "#!/bin/sh\necho found $0\n")
                  .rootfs()
                  .resolve("opt/tool")
                  .toFile()
                  .setExecutable(true);
              assertThat(workspace().container(bundle.args("tool")).run().ok().line())
                  .isEqualTo("found /opt/tool");
            }),
        check(
            "a program that is not there",
            () -> run(b -> b.args("no-such-program")).fails("no-such-program")),
        check(
            "a program that is not there, by its path",
            () -> run(b -> b.args("/no/such/program")).fails("/no/such/program")),
        check(
            "a program that may not be run",
            () ->
                run(b -> b.file("plain", "x").args("/plain")).fails("/plain", "permission denied")),
        check("a directory for a program", () -> run(b -> b.args("/etc")).fails("/etc")),
        check(
            "a directory for a program is told at the creation",
            () -> {
              Bundle bundle = workspace().bundle().args("/etc");
              workspace().container(bundle).create().fails("/etc", "permission denied");
            }));
  }

  @TestFactory
  Stream<DynamicNode> workingDirectory() {
    return Stream.of(
        facts(
            "cwd",
            b -> b.set("process.cwd", "/tmp"),
            says("pwd", "/tmp"),
            says("readlink /proc/self/cwd", "/tmp")),
        facts(
            "a size for a terminal that is not asked for",
            b -> b.set("process.consoleSize", Map.of("height", 5, "width", 7)),
            says("test -e /dev/console || echo none", "none")),
        facts(
            "a cwd that is not there is made",
            b -> b.set("process.cwd", "/new/place"),
            says("pwd", "/new/place")),
        facts(
            "a cwd in a mount",
            b ->
                b.set("process.cwd", "/m/x")
                    .mount("/m", "tmpfs", "tmpfs")
                    .mount("/m/x", "tmpfs", "tmpfs"),
            says("pwd", "/m/x"),
            allowed("touch f")),
        check("a cwd that is relative", () -> run(b -> b.set("process.cwd", "tmp")).fails("cwd")),
        check(
            "a cwd that is a file",
            () -> run(b -> b.file("plain", "").set("process.cwd", "/plain")).fails("/plain")));
  }

  /** Each limit, no higher than what the host's own hard limit lets anybody have. */
  @TestFactory
  Stream<DynamicNode> rlimits() {
    record Limit(String name, String title, long soft, long hard) {}
    long wide = 1L << 40;
    return Stream.of(
            new Limit("RLIMIT_AS", "Max address space", wide, wide + 4096),
            new Limit("RLIMIT_CORE", "Max core file size", 0, 4096),
            new Limit("RLIMIT_CPU", "Max cpu time", 1000, 2000),
            new Limit("RLIMIT_DATA", "Max data size", wide, wide + 4096),
            new Limit("RLIMIT_FSIZE", "Max file size", 1 << 20, 1 << 21),
            new Limit("RLIMIT_LOCKS", "Max file locks", 100, 200),
            new Limit("RLIMIT_MEMLOCK", "Max locked memory", 4096, 8192),
            new Limit("RLIMIT_MSGQUEUE", "Max msgqueue size", 1000, 2000),
            new Limit("RLIMIT_NICE", "Max nice priority", 0, 0),
            new Limit("RLIMIT_NOFILE", "Max open files", 100, 200),
            new Limit("RLIMIT_NPROC", "Max processes", 1000, 2000),
            new Limit("RLIMIT_RSS", "Max resident set", 4096, 8192),
            new Limit("RLIMIT_RTPRIO", "Max realtime priority", 0, 0),
            new Limit("RLIMIT_RTTIME", "Max realtime timeout", 1000, 2000),
            new Limit("RLIMIT_SIGPENDING", "Max pending signals", 100, 200),
            new Limit("RLIMIT_STACK", "Max stack size", 1 << 20, 1 << 21))
        .map(
            limit ->
                facts(
                    limit.name(),
                    b ->
                        b.set(
                            "process.rlimits",
                            List.of(
                                Map.of(
                                    "type",
                                    limit.name(),
                                    "soft",
                                    limit.soft(),
                                    "hard",
                                    limit.hard()))),
                    says(
                        "soft and hard",
                        "sed -n 's/^"
                            + limit.title()
                            + " *\\([^ ]*\\) *\\([^ ]*\\) .*/\\1 \\2/p' /proc/self/limits",
                        limit.soft() + " " + limit.hard())));
  }

  @TestFactory
  Stream<DynamicNode> rlimitsAtTheirEdges() {
    return Stream.of(
        check(
            "all at once",
            () -> {
              Result result =
                  run(
                      b ->
                          b.set(
                                  "process.rlimits",
                                  List.of(
                                      Map.of("type", "RLIMIT_NOFILE", "soft", 64, "hard", 64),
                                      Map.of("type", "RLIMIT_CORE", "soft", 0, "hard", 0)))
                              .shell("ulimit -n; ulimit -c"));
              assertThat(result.ok().lines()).containsExactly("64", "0");
            }),
        check(
            "fewer files than it takes to start",
            Deviation.FEW_FILES,
            () ->
                run(
                    b ->
                        b.set(
                                "process.rlimits",
                                List.of(Map.of("type", "RLIMIT_NOFILE", "soft", 3, "hard", 3)))
                            .shell("ulimit -n")),
            result -> assertThat(result.line()).isEqualTo("3")),
        check(
            "soft above hard",
            () ->
                run(b ->
                        b.set(
                            "process.rlimits",
                            List.of(Map.of("type", "RLIMIT_NOFILE", "soft", 65, "hard", 64))))
                    .fails("rlimit")),
        check(
            "a limit that nobody knows",
            () ->
                run(b ->
                        b.set(
                            "process.rlimits",
                            List.of(Map.of("type", "RLIMIT_UNHEARD", "soft", 1, "hard", 1))))
                    .fails("rlimit")),
        facts("no limits", b -> {}, matches("ulimit -n", "\\d+|unlimited")));
  }

  @TestFactory
  Stream<DynamicNode> privileges() {
    return Stream.of(
        facts(
            "noNewPrivileges",
            b -> b.set("process.noNewPrivileges", true),
            status("NoNewPrivs", "1")),
        facts(
            "no noNewPrivileges",
            b -> b.set("process.noNewPrivileges", false),
            status("NoNewPrivs", "0")),
        facts(
            "noNewPrivileges absent",
            b -> b.remove("process.noNewPrivileges"),
            status("NoNewPrivs", "0")),
        check(
            "a profile of AppArmor, which the host has not",
            () -> run(b -> b.set("process.apparmorProfile", "some-profile")).fails("apparmor")),
        check(
            "a label of SELinux, which the host has not",
            () ->
                run(b -> b.set("process.selinuxLabel", "system_u:system_r:container_t:s0"))
                    .fails("selinux")));
  }

  @TestFactory
  Stream<DynamicNode> oomScoreAdjustment() {
    return Stream.concat(
        IntStream.of(0, 1, 100, 999, 1000)
            .mapToObj(
                score ->
                    facts(
                        "oomScoreAdj " + score,
                        b -> b.set("process.oomScoreAdj", score),
                        says("cat /proc/self/oom_score_adj", "" + score))),
        Stream.of(
            check(
                "none leaves it as the caller's is",
                () -> {
                  Bundle bundle = workspace().bundle().args("cat", "/proc/self/oom_score_adj");
                  Result result =
                      workspace()
                          .container(bundle)
                          .runUnder(
                              List.of(
                                  "/bin/sh",
                                  "-c",
                                  "echo 333 > /proc/self/oom_score_adj; exec \"$@\"",
                                  "sh"));
                  assertThat(result.ok().line()).isEqualTo("333");
                }),
            check(
                "above its range", () -> run(b -> b.set("process.oomScoreAdj", 1001)).fails("oom")),
            check(
                "below its range",
                () -> run(b -> b.set("process.oomScoreAdj", -1001)).fails("oom"))));
  }

  @TestFactory
  Stream<DynamicNode> names() {
    return Stream.of(
        facts(
            "hostname",
            b -> b.set("hostname", "a-name.example"),
            says("hostname", "a-name.example"),
            says("cat /proc/sys/kernel/hostname", "a-name.example")),
        check(
            "the host's name is as before",
            () ->
                assertThat(Leftovers.read(java.nio.file.Path.of("/proc/sys/kernel/hostname")))
                    .doesNotContain("a-name.example")),
        facts(
            "domainname",
            b -> b.set("domainname", "a-domain.example"),
            says("cat /proc/sys/kernel/domainname", "a-domain.example")
                .except(Deviation.DOMAINNAME)),
        check(
            "a hostname without a uts namespace",
            () -> run(b -> b.withoutNamespace("uts")).fails("uts")),
        check(
            "a hostname that is too long",
            () -> run(b -> b.set("hostname", "x".repeat(65))).fails()));
  }

  @TestFactory
  Stream<DynamicNode> sysctl() {
    List<DynamicNode> nodes = new ArrayList<>();
    Map.of(
            "net.ipv4.ip_forward", "1",
            "net.ipv4.ip_unprivileged_port_start", "80",
            "net.core.somaxconn", "77",
            "net/ipv4/conf/lo/forwarding", "1",
            "kernel.msgmax", "4096",
            "kernel.shmmni", "99",
            "kernel.sem", "32000\t1024000000\t500\t32000",
            "kernel.shm_rmid_forced", "1",
            "fs.mqueue.msg_max", "9")
        .forEach(
            (name, value) ->
                nodes.add(
                    facts(
                        name,
                        b -> b.set("linux.sysctl", Map.of(name, value)),
                        says("cat /proc/sys/" + name.replace('.', '/'), value))));
    Map.of(
            "vm.swappiness", "10",
            "kernel.pid_max", "4000",
            "kernel.core_pattern", "x",
            "fs.file-max", "1000",
            "kernel.hostname", "other")
        .forEach(
            (name, value) ->
                nodes.add(
                    check(
                        name + " is the host's",
                        () -> run(b -> b.set("linux.sysctl", Map.of(name, value))).fails(name))));
    nodes.add(
        facts(
            "kernel.domainname",
            b -> b.set("linux.sysctl", Map.of("kernel.domainname", "of.parameter")),
            says("cat /proc/sys/kernel/domainname", "of.parameter")));
    nodes.add(
        check(
            "kernel.domainname beside another domainname",
            Deviation.DOMAINNAME,
            () ->
                run(b ->
                        b.set("domainname", "one")
                            .set("linux.sysctl", Map.of("kernel.domainname", "two")))
                    .fails("domainname")));
    nodes.add(
        check(
            "user.max_pid_namespaces without a user namespace",
            () ->
                run(b -> b.set("linux.sysctl", Map.of("user.max_pid_namespaces", "3")))
                    .fails("user.max_pid_namespaces")));
    nodes.add(
        check(
            "net without a network namespace",
            () ->
                run(b ->
                        b.withoutNamespace("network")
                            .withoutMount("/sys")
                            .set("linux.sysctl", Map.of("net.core.somaxconn", "1")))
                    .fails("net.core.somaxconn")));
    nodes.add(
        check(
            "kernel.msgmax without an ipc namespace",
            () ->
                run(b ->
                        b.withoutNamespace("ipc")
                            .withoutMount("/dev/mqueue")
                            .set("linux.sysctl", Map.of("kernel.msgmax", "1")))
                    .fails("kernel.msgmax")));
    return nodes.stream();
  }
}
