package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks from inside a container, and by whoever gives it its names: each has to fail. */
class SecurityIT {

  private static final String DEFAULT_CAPABILITIES = "00000000a80425fb";
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  private static Coffer coffer;

  @BeforeAll
  static void open() {
    coffer = Coffer.open();
    new HostileImage()
        .program("attack", HostileImage.compileAttack(coffer.directory()))
        .setUserId("set-user-id", coffer.directory().resolve("attack"))
        .directory("etc")
        .file("etc/passwd", "root:x:0:0::/root:/bin/sh\nmallory:x:1000:1000::/:/bin/sh\n")
        .file("etc/group", "root:x:0:\nmallory:x:1000:\nplugdev:x:46:mallory\n")
        .into(coffer, "attack");
    coffer.run("run", "-d", "--name", "victim", "attack", "/bin/busybox", "sleep", "1000").ok();
  }

  @AfterAll
  static void close() {
    coffer.close();
  }

  private static String shell(String script) {
    return coffer.run("run", "--rm", "attack", "sh", "-c", script).ok().line();
  }

  private static Map<String, Integer> calls(String... options) {
    return coffer
        .run(
            Stream.of(List.of("run", "--rm"), List.of(options), List.of("attack", "/attack"))
                .flatMap(List::stream)
                .collect(Collectors.collectingAndThen(Collectors.toList(), SecurityIT::withCalls)))
        .ok()
        .lines()
        .stream()
        .map(line -> line.split(" (?=\\d+$)"))
        .collect(Collectors.toMap(words -> words[0], words -> Integer.parseInt(words[1])));
  }

  private static String[] withCalls(List<String> words) {
    return Stream.concat(words.stream(), Stream.of("calls")).toArray(String[]::new);
  }

  /** Seccomp: calls that reach for the kernel, by whichever door. */
  @Test
  void forbiddenSystemCallsAreRefused() {
    Map<String, Integer> results = calls();
    assertThat(results).hasSizeGreaterThan(35).containsEntry("clone3", ENOSYS);
    assertThat(results.entrySet().stream().filter(each -> !each.getKey().equals("clone3")))
        .allSatisfy(each -> assertThat(each.getValue()).as(each.getKey()).isEqualTo(EPERM));
  }

  /** That the table above can fail: without a filter and with all capabilities it mostly does. */
  @Test
  void withoutTheFilterTheKernelItselfAnswers() {
    Map<String, Integer> results = calls("--privileged");
    assertThat(List.of("mount", "fsopen", "clone(CLONE_NEWUSER)", "bpf", "keyctl(session keyring)"))
        .allSatisfy(call -> assertThat(results.get(call)).as(call).isNotEqualTo(EPERM));
    assertThat(results).containsEntry("socket(AF_VSOCK)", 0).doesNotContainEntry("clone3", ENOSYS);
  }

  /** CVE-2024-21626: descriptors of the host that a program was born with. */
  @ParameterizedTest
  @ValueSource(strings = {"run", "run -i", "exec", "exec -i"})
  void noDescriptorOfTheHostIsLeft(String how) {
    boolean run = how.startsWith("run");
    List<String> command =
        Stream.of(how.split(" "), run ? new String[] {"--rm", "attack"} : new String[] {"victim"})
            .flatMap(Stream::of)
            .collect(Collectors.toList());
    command.addAll(List.of("sh", "-c", "busybox readlink -f /proc/self/fd/* | busybox sort"));
    assertThat(coffer.run(command.toArray(String[]::new)).ok().lines())
        .allMatch(
            file -> file.matches("/dev/null|.*pipe:\\[\\d+]|/proc/\\d+/fd(/3)?"), "pipes, or null");
  }

  @Test
  void aDetachedContainerHasNoDescriptorOfTheHost() {
    coffer.run("exec", "victim", "sh", "-c", "busybox ls -l /proc/1/fd > /fds").ok();
    assertThat(coffer.run("exec", "victim", "sh", "-c", "busybox wc -l < /fds").ok().line())
        .isEqualTo("4");
  }

  /** A descriptor of the host's /dev/null is enough to close it to everybody else. */
  @ParameterizedTest
  @ValueSource(strings = {"run --rm --user 1000 attack", "run --rm attack", "exec victim"})
  void theHostsNullDeviceIsOutOfReach(String how) throws IOException {
    Map<String, Object> before = Files.readAttributes(Path.of("/dev/null"), "unix:uid,mode,ctime");
    List<String> command = Stream.of(how.split(" ")).collect(Collectors.toList());
    command.addAll(List.of("sh", "-c", "busybox chmod 666 /proc/self/fd/0; :"));
    coffer.run(command.toArray(String[]::new)).ok();
    assertThat(Files.readAttributes(Path.of("/dev/null"), "unix:uid,mode,ctime")).isEqualTo(before);
  }

  /** CVE-2019-5736 and CVE-2016-9962: who joins a container is no prey to what runs in there. */
  @Test
  void whoJoinsAContainerCannotBeRobbed() {
    coffer.run("run", "-d", "--name", "robber", "attack", "/attack", "stages", "4").ok();
    for (int round = 0; round < 15; round++) {
      coffer.run("exec", "robber", "/bin/busybox", "true").ok();
    }
    coffer.run("wait", "robber").ok();
    List<String> seen = coffer.run("logs", "robber").ok().lines();
    coffer.run("rm", "-f", "robber").ok();
    assertThat(seen).last().asString().startsWith("seen ").isNotEqualTo("seen 0");
    assertThat(seen).noneMatch(line -> line.startsWith("opened"));
  }

  /** CVE-2019-5736: the reaper stays, and what it runs from is nobody's file. */
  @Test
  void theReapersProgramCannotBeOverwritten() throws IOException {
    byte[] before = Files.readAllBytes(nativeHelper());
    var result =
        coffer.run(
            "run", "--rm", "--init", "--cap-add", "ALL", "attack", "/attack", "overwrite", "1");
    assertThat(result.out()).matches("overwrite [1-9]\\d*\\n");
    assertThat(Files.readAllBytes(nativeHelper())).isEqualTo(before);
    String exe = "busybox readlink /proc/1/exe";
    assertThat(
            coffer
                .run("run", "--rm", "--init", "--cap-add", "SYS_PTRACE", "attack", "sh", "-c", exe)
                .out())
        .contains("memfd:");
  }

  private static Path nativeHelper() throws IOException {
    return coffer.binary().toRealPath();
  }

  /** CVE-2022-29162: capabilities that a program could inherit. And none beyond Docker's. */
  @Test
  void capabilitiesAreThoseOfTheContainerAndNoneAreInheritable() {
    String show = "busybox grep Cap /proc/self/status";
    String zero = "0".repeat(16);
    String expected =
        "CapInh:\t%s\nCapPrm:\t%s\nCapEff:\t%s\nCapBnd:\t%s\nCapAmb:\t%s"
            .formatted(
                zero, DEFAULT_CAPABILITIES, DEFAULT_CAPABILITIES, DEFAULT_CAPABILITIES, zero);
    assertThat(shell(show)).isEqualTo(expected);
    assertThat(coffer.run("exec", "victim", "sh", "-c", show).ok().line()).isEqualTo(expected);
    String mallory = coffer.run("exec", "-u", "mallory", "victim", "sh", "-c", show).ok().line();
    assertThat(mallory).contains("CapPrm:\t" + zero, "CapEff:\t" + zero, "CapAmb:\t" + zero);
  }

  @Test
  void execIsPrivilegedOnlyWhenAsked() {
    String show = "busybox awk '/CapEff|Seccomp:/ {print $2}' /proc/self/status";
    assertThat(coffer.run("exec", "victim", "sh", "-c", show).ok().lines())
        .containsExactly(DEFAULT_CAPABILITIES, "2");
    List<String> privileged =
        coffer.run("exec", "--privileged", "victim", "sh", "-c", show).ok().lines();
    assertThat(privileged.getFirst()).isNotEqualTo(DEFAULT_CAPABILITIES);
    assertThat(privileged.getLast()).isEqualTo("0");
  }

  /** A limit that exec does not keep is no limit. */
  @Test
  void execIsHeldToTheContainersLimits() {
    coffer
        .run(
            "run",
            "-d",
            "--name",
            "limited",
            "--ulimit",
            "nofile=77:88",
            "attack",
            "sh",
            "-c",
            "busybox sleep 100")
        .ok();
    assertThat(coffer.run("exec", "limited", "sh", "-c", "ulimit -n; ulimit -Hn").ok().lines())
        .containsExactly("77", "88");
    coffer.run("rm", "-f", "limited").ok();
  }

  @Test
  void aSetUserIdProgramGainsNothingUnderNoNewPrivileges() {
    String[] command = {"run", "--rm", "--user", "mallory", "attack", "/set-user-id", "identity"};
    assertThat(coffer.run(command).ok().line()).isEqualTo("0");
    command =
        new String[] {
          "run",
          "--rm",
          "--security-opt",
          "no-new-privileges",
          "--user",
          "mallory",
          "attack",
          "/set-user-id",
          "identity"
        };
    assertThat(coffer.run(command).ok().line()).isEqualTo("1000");
  }

  @Test
  void groupsAreTheImagesAndNotTheEngines() {
    String[] command = {"run", "--rm", "--user", "mallory", "attack", "sh", "-c", "busybox id -G"};
    assertThat(coffer.run(command).ok().line()).isEqualTo("1000 46");
    coffer
        .run("run", "--rm", "--user", "daemon", "attack", "/bin/busybox", "true")
        .fails(125, "no such user \"daemon\" in the image");
    coffer.run("exec", "-u", "daemon", "victim", "/bin/busybox", "true").fails(1, "\"daemon\"");
  }

  @Test
  void theEnvironmentOfEngineAndCallerStaysOutside() {
    var caller = Map.of("SECRET_TOKEN", "hunter2", "http_proxy", "http://user:pw@127.0.0.1:1");
    String[] command = {"run", "--rm", "attack", "/bin/busybox", "env"};
    var result = Coffer.finish(coffer.start(caller, command), new byte[0]).ok();
    assertThat(result.lines().stream().map(line -> line.replaceAll("=.*", "")))
        .containsExactlyInAnyOrder("PATH", "HOSTNAME", "HOME");
    String[] exec = {"exec", "victim", "/bin/busybox", "env"};
    assertThat(Coffer.finish(coffer.start(caller, exec), new byte[0]).ok().out())
        .doesNotContain("hunter2", "COFFER", "user:pw");
  }

  /** The devices group: a node alone opens nothing. */
  @Test
  void aNodeOfTheHostsDiskCannotBeOpened() throws IOException {
    int device = (Integer) Files.getAttribute(Path.of("/dev"), "unix:mode");
    assertThat(device).isNotZero();
    for (String node : List.of("b 8 0", "b 254 0", "c 1 1", "c 10 200", "c 1 11")) {
      String script = "busybox mknod /tmp-node %s && : < /tmp-node".formatted(node);
      var result = coffer.run("run", "--rm", "attack", "sh", "-c", script);
      assertThat(result.exitCode()).as(node).isNotZero();
      assertThat(result.err()).containsAnyOf("Operation not permitted", "ermission denied");
    }
  }

  @Test
  void theKernelsFilesAreMaskedAndReadOnly() {
    assertThat(shell("busybox cat /proc/kcore /proc/keys /proc/timer_list 2>/dev/null; :"))
        .isEmpty();
    assertThat(
            shell(
                "busybox ls -A /sys/firmware /proc/acpi /proc/scsi 2>/dev/null | busybox grep -v :; :"))
        .isEmpty();
    for (String file :
        List.of(
            "/proc/sys/kernel/core_pattern",
            "/proc/sysrq-trigger",
            "/proc/irq/default_smp_affinity",
            "/sys/kernel/uevent_helper",
            "/sys/fs/cgroup/memory/release_agent",
            "/sys/fs/cgroup/cgroup.procs")) {
      String script = "busybox test ! -e %1$s || ! echo x 2>/dev/null > %1$s".formatted(file);
      coffer.run("run", "--rm", "attack", "sh", "-c", script).ok();
    }
  }

  @Test
  void readOnlyIsReadOnly() {
    String[] places = {"/", "/etc", "/etc/hosts", "/bin", "/sys", "/proc/sys/kernel"};
    for (String place : places) {
      String script =
          "busybox touch %1$s/x 2>/dev/null || echo y 2>/dev/null >> %1$s".formatted(place);
      assertThat(coffer.run("run", "--rm", "--read-only", "attack", "sh", "-c", script).exitCode())
          .as(place)
          .isNotZero();
    }
  }

  @Test
  void sessionKeyringsAreNotShared() {
    String show = "busybox cat /proc/self/attr/keycreate /proc/keys 2>/dev/null; :";
    assertThat(shell(show)).isEmpty();
    assertThat(
            coffer
                .run("run", "--rm", "--privileged", "attack", "sh", "-c", "busybox cat /proc/keys")
                .ok()
                .out())
        .contains("_ses.");
  }

  /** CVE-2021-41091: set-user-id programs of images, within reach of the host's users. */
  @Test
  void whatImagesBringIsOutOfReachOfTheHostsUsers() throws IOException {
    Path run = Path.of(coffer.run("engine", "status", "--format", "{{.RunDirectory}}").ok().line());
    for (Path directory :
        List.of(
            coffer.root().resolve("containers"),
            coffer.root().resolve("layers"),
            coffer.root().resolve("volumes"),
            coffer.root().resolve("content"),
            run)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .as(directory.toString())
          .isEqualTo("rwx------");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(run.resolve("engine.sock"))))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up", "a/b", "-dash", "x\u001b[2Jx", "x\nx", "", "x y"})
  void namesAreNamesAndNothingElse(String name) {
    coffer
        .run("run", "--rm", "--name", name, "attack", "/bin/busybox", "true")
        .fails(125, "invalid name");
    coffer
        .run(
            "run",
            "--rm",
            "--mount",
            "type=volume,src=" + name + "/..,dst=/x",
            "attack",
            "/bin/busybox",
            "true")
        .fails(125, "cannot create container");
    coffer.run("logs", "../" + name).fails(1, "no such container");
  }

  /** Labels and commands are anybody's words; a table shows them and does not obey them. */
  @Test
  void terminalSequencesAreShownAndNotSent() {
    String evil = "\u001b[2J\u009b31m\rx\ny";
    coffer
        .run(
            "run",
            "-d",
            "--name",
            "painted",
            "--label",
            "k=" + evil,
            "attack",
            "sh",
            "-c",
            ": " + evil + "\nbusybox sleep 100")
        .ok();
    var table =
        coffer
            .run("ps", "--no-trunc", "--format", "table {{.Names}}\t{{.Labels}}\t{{.Command}}")
            .ok();
    assertThat(table.out()).contains("\\x1b[2J").doesNotContain("\u001b", "\u009b", "\r");
    assertThat(table.lines()).hasSize(3);
    assertThat(coffer.run("ps").ok().out()).doesNotContain("\u001b", "\u009b", "\r");
    coffer.run("rm", "-f", "painted").ok();
    var error = coffer.run("run", "--rm", "--user", evil, "attack", "/bin/busybox", "true");
    error.fails(125, "\\x1b[2J");
    assertThat(error.err()).doesNotContain("\u001b", "\u009b", "\r");
  }
}
