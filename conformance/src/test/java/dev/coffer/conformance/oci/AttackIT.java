package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on a low-level runtime, each named by the weakness that it stands for. docs/security.md
 * has the table; what has to be tried many times is in {@link MountRaceIT}, and what needs a
 * terminal in {@link ConsoleAttackIT}.
 */
class AttackIT extends AttackSuite {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int EPERM = 1;
  private static final int ETXTBSY = 26;
  private static final int EROFS = 30;

  /** With the container's id for $0, and the words of a runtime that starts it. */
  private static final String WITHOUT_EXECUTABLE_MEMORY =
      """
      echo 2 > /proc/sys/vm/memfd_noexec && "$@" || exit 1
      for round in 1 2 3 4 5; do "$1" "$2" "$3" exec "$0" /proc/self/exe --version >&2; done
      "$1" "$2" "$3" kill "$0" KILL; "$1" "$2" "$3" delete --force "$0"
      """;

  /** Deletes a directory of the root file system that is there from the start. */
  private static void without(Bundle bundle, String name) {
    try {
      Files.delete(bundle.rootfs().resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Refused in words that name the thing, or harmless by what the script has to say. */
  private static void refusedOr(Result result, String named, String harmless) {
    if (result.exitCode() == 0) {
      assertThat(result.line()).as("%s", result).isEqualTo(harmless);
    } else {
      result.fails(named);
    }
  }

  /**
   * What joins a container must not be born with anything of the host's: with CAP_SYS_PTRACE the
   * container may look at it from its first moment. Proven on Coffer before its joiner, which had
   * thousands of hits in as many joins.
   */
  @Test
  void cve_2016_9962_whatJoinsIsBornWithNothingOfTheHosts() {
    String witness = canary().resolve("witness").toString();
    try (Container container =
        container(
            b -> b.args("/bin/attack", "join", witness, "8").capabilities("CAP_SYS_PTRACE"))) {
      container.started().awaitOutput("ready");
      for (int round = 0; round < ROUNDS; round++) {
        container.execWith(List.of("--cwd", "/tmp"), "/bin/true");
      }
      WaitFor.condition("the attack is over", PATIENCE, () -> !seen(container).isEmpty());
      assertThat(Integer.parseInt(seen(container))).isPositive();
      assertThat(container.output().out()).doesNotContain("reached");
    }
  }

  private static String seen(Container container) {
    return container
        .output()
        .out()
        .lines()
        .filter(line -> line.startsWith("seen "))
        .map(line -> line.substring("seen ".length()))
        .findFirst()
        .orElse("");
  }

  /** The container's program is the runtime's own binary, and somebody inside keeps it open. */
  @Test
  void cve_2019_5736_theRuntimesBinaryIsNotWrittenTo() throws IOException {
    byte[] before = Files.readAllBytes(runtime().binary());
    try (Container container =
        container(
            b ->
                b.args("/bin/attack", "capture", "6")
                    .capabilities("CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"))) {
      container.started().awaitOutput("ready");
      for (int round = 0; round < ROUNDS; round++) {
        container.exec("/proc/self/exe", "--version");
      }
      WaitFor.condition(
          "something was captured, or the attack is over",
          PATIENCE,
          () ->
              container.output().out().contains("captured")
                  || container.status().equals("stopped"));
      assertThat(container.output().out().lines().filter(line -> line.startsWith("captured")))
          .isSubsetOf("captured " + EPERM, "captured " + ETXTBSY, "captured " + EROFS);
    }
    assertThat(Files.readAllBytes(runtime().binary())).isEqualTo(before);
  }

  /** The same where the host lets no memory be executed, by a container that may mount. */
  @Test
  void cve_2019_5736_norWhereMemoryMayNotBeExecuted() throws IOException {
    byte[] before = Files.readAllBytes(runtime().binary());
    Bundle bundle =
        workspace()
            .bundle()
            .args("/bin/attack", "capture", "20")
            .capabilities("CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN")
            .write();
    try (Container container = workspace().container(bundle)) {
      Result result =
          runtime()
              .start(
                  "",
                  List.of(
                      "unshare",
                      "--pid",
                      "--fork",
                      "--kill-child",
                      "--mount-proc",
                      "/bin/sh",
                      "-c",
                      WITHOUT_EXECUTABLE_MEMORY,
                      container.id()),
                  List.of(
                      "run", "--detach", "--bundle", bundle.directory().toString(), container.id()))
              .finish();
      List<String> said = result.ok().out().lines().filter(line -> !line.equals("ready")).toList();
      assertThat(said).as("%s", result).isNotEmpty();
      assertThat(said).isSubsetOf("captured " + EPERM, "captured " + ETXTBSY, "captured " + EROFS);
    }
    assertThat(Files.readAllBytes(runtime().binary())).isEqualTo(before);
  }

  /** What is to hide the kernel's files is looked for where a stranger's link leads. */
  @ParameterizedTest
  @ValueSource(strings = {"proc", "sys"})
  void cve_2019_19921_cve_2023_27561_cve_2023_28642_aKernelTreeThatIsALink(String name) {
    for (String target : List.of("/tmp/" + name, canary().toString(), up())) {
      Result result =
          run(
              b -> {
                without(b, name);
                b.link(name, target)
                    .shell(
                        "cat /proc/timer_list /proc/keys /proc/kcore 2>/dev/null | head -c 1;"
                            + " echo x 2>/dev/null > /proc/sys/kernel/domainname && echo written;"
                            + " ls /sys/firmware 2>/dev/null");
              });
      refusedOr(result, name, "");
    }
  }

  /** A volume over proc must not take what the runtime writes there. */
  @Test
  void cve_2019_16884_aVolumeOverProcTakesNoLabel() {
    Result result =
        run(
            b ->
                b.directory("fake/self/attr")
                    .mount("/proc", "bind", b.rootfs().resolve("fake").toString(), "bind", "ro")
                    .shell("cat /proc/self/attr/exec /proc/kcore 2>/dev/null | head -c 1"));
    refusedOr(result, "proc", "");
  }

  /** Capabilities in the inheritable set come back through any file that has them. */
  @Test
  void cve_2022_29162_nothingIsInheritable() {
    String set = "sed -n 's/^CapInh:[ \\t]*//p' /proc/self/status";
    try (Container container = started(b -> {})) {
      for (List<String> flags :
          List.of(List.<String>of(), List.of("--cap", "CAP_NET_RAW"), List.of("--user", "1000"))) {
        assertThat(container.execWith(flags, "sh", "-c", set).ok().line())
            .isEqualTo("0".repeat(16));
      }
    }
    assertThat(run(b -> b.shell(set)).ok().line()).isEqualTo("0".repeat(16));
  }

  /**
   * Control groups that are to be read-only, without a namespace of their own; runc 1.1.5 leaves
   * the directory of the hierarchies of version 1 writable.
   */
  @TestFactory
  DynamicTest cve_2023_25809_readOnlyControlGroupsAreReadOnly() {
    return check(
        "read-only control groups are read-only",
        Deviation.WRITABLE_CGROUPS,
        () -> {
          String script =
              "for d in /sys/fs/cgroup /sys/fs/cgroup/*; do"
                  + " mkdir $d/attack 2>/dev/null && echo made $d;"
                  + " echo 1 2>/dev/null > $d/notify_on_release && echo written $d; done; :";
          for (boolean users : List.of(false, true)) {
            Result result =
                run(
                    b -> {
                      b.mount(
                              "/sys/fs/cgroup",
                              "cgroup",
                              "cgroup",
                              "ro",
                              "nosuid",
                              "nodev",
                              "noexec")
                          .capabilities("CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE")
                          .shell(script);
                      if (users) {
                        b.namespace("user");
                        for (String maps : List.of("linux.uidMappings", "linux.gidMappings")) {
                          b.add(maps, Map.of("containerID", 0, "hostID", 0, "size", 65536));
                        }
                      }
                    });
            refusedOr(result, "cgroup", "");
          }
        });
  }

  /** The way out of version 1: a program that the host runs for whoever may name it. */
  @Test
  void cve_2022_0492_noReleaseAgentIsNamed() {
    Result result =
        run(
            b ->
                b.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "nodev", "noexec")
                    .shell(
                        "for f in $(find / -xdev -name release_agent; ls"
                            + " /sys/fs/cgroup/*/release_agent) ; do echo /x > $f && echo named $f;"
                            + " done 2>/dev/null;"
                            + " mkdir /tmp/c; mount -t cgroup -o pids none /tmp/c 2>/dev/null &&"
                            + " echo mounted; :"));
    assertThat(result.ok().line()).isEmpty();
  }

  /** A working directory by way of a descriptor that leads to the host. */
  @Test
  void cve_2024_21626_noWorkingDirectoryOutside() {
    try (Container container = started(b -> {})) {
      for (int number = 3; number < 12; number++) {
        String way = "/proc/self/fd/" + number;
        String look = "cat " + up() + "/witness";
        Bundle bundle = workspace().bundle().set("process.cwd", way).shell(look).write();
        Container made = workspace().container(bundle);
        Result result =
            made.runUnder(
                List.of("/bin/sh", "-c", "exec 3</ 4</tmp 7</etc 9<" + canary() + " \"$@\"", "sh"));
        made.close();
        assertThat(result.out()).as("%s", result).isEmpty();
        result.fails("fd/" + number);
        Result exec = container.execWith(List.of("--cwd", way), "sh", "-c", look);
        assertThat(exec.out()).as("%s", exec).isEmpty();
        assertThat(exec.exitCode()).isNotZero();
      }
    }
  }

  /**
   * A container that waits for its start can be entered, by one that may look at its descriptors.
   */
  @Test
  void cve_2024_21626_noDirectoryOfTheHostsWaitsForTheStart() throws IOException {
    Bundle bundle = workspace().bundle().args("true").write();
    try (Container container = workspace().container(bundle)) {
      container.create().ok();
      List<String> directories = new ArrayList<>();
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + container.pid() + "/fd"))) {
        for (Path descriptor : descriptors.toList()) {
          Path there = Files.readSymbolicLink(descriptor);
          // Those of the container's own tree have paths as the container sees them.
          if (Files.isDirectory(descriptor) && there.startsWith("/sys/fs/cgroup")) {
            directories.add(there.toString());
          }
        }
      }
      assertThat(directories).isEmpty();
    }
  }

  /**
   * Where the null device is a link, what is masked is covered by what the link leads to. The one
   * here leads to the name of the container's own UTS namespace: runc 1.1.5 is led on by it, and
   * has even standard output go there.
   */
  @TestFactory
  DynamicTest cve_2025_31133_masksAreNotMadeOfAStrangersNullDevice() {
    return check(
        "masks are not made of a stranger's null device",
        Deviation.LINK_AS_MASK,
        () -> {
          Result result =
              run(
                  b -> {
                    b.withoutMount("/dev").withoutMount("/dev/pts").withoutMount("/dev/shm");
                    b.withoutMount("/dev/mqueue")
                        .link("dev/null", "/proc/sys/kernel/domainname")
                        .shell("grep -c 'sys/kernel/domainname' /proc/self/mountinfo");
                  });
          refusedOr(result, "null", "0");
        });
  }

  /** What the runtime writes to proc is led elsewhere by a mount of the container's. */
  @Test
  void cve_2025_52881_parametersGoWhereTheyShouldOrNowhere() {
    Result result =
        run(
            b ->
                b.directory("fake/ipv4")
                    .link("fake/ipv4/ip_unprivileged_port_start", "/proc/self/oom_score_adj")
                    .bind(b.rootfs().resolve("fake"), "/proc/sys/net")
                    .set("linux.sysctl", Map.of("net.ipv4.ip_unprivileged_port_start", "77"))
                    .args("cat", "/proc/self/oom_score_adj"));
    assertThat(result.out()).doesNotContain("77");
    result.fails("proc");
  }

  /** Device links are made where a link for /dev leads; runc 1.1.5 makes them. */
  @TestFactory
  DynamicTest cve_2026_41579_noDeviceIsMadeWhereALinkLeads() {
    return check(
        "no device is made where a link leads",
        Deviation.LINK_AS_DEV,
        () -> {
          try {
            startWithLinksForDev();
            theHostIsUntouched();
          } finally {
            plant();
          }
        });
  }

  private void startWithLinksForDev() {
    for (String target : List.of(canary().toString(), up())) {
      Result result =
          run(
              b -> {
                b.withoutMount("/dev").withoutMount("/dev/pts").withoutMount("/dev/shm");
                b.withoutMount("/dev/mqueue");
                without(b, "dev");
                b.link("dev", target).args("true");
              });
      assertThat(result.exitCode()).isBetween(0, 127);
    }
  }

  /** Ids that the kernel takes for "unchanged", which is root. */
  @Test
  void theIdThatMeansUnchangedIsRefused() {
    for (String field : List.of("process.user.uid", "process.user.gid")) {
      run(b -> b.set(field, 4294967295L).args("id")).fails("id");
    }
    try (Container container = started(b -> {})) {
      Result result = container.execWith(List.of("--user", "4294967295"), "id");
      assertThat(result.out()).isEmpty();
      assertThat(result.exitCode()).isNotZero();
    }
  }

  /** The host's name and parameters, though its namespace is called one of the container's. */
  @Test
  void theHostIsNotReconfigured() {
    String host = Leftovers.read(Path.of("/proc/sys/kernel/hostname")).strip();
    String own = "/proc/" + ProcessHandle.current().pid() + "/ns/";
    run(b -> b.withoutNamespace("uts").set("hostname", host + "x").args("true")).fails("uts");
    assertThat(Leftovers.read(Path.of("/proc/sys/kernel/hostname")).strip()).isEqualTo(host);
    String forward = Leftovers.read(Path.of("/proc/sys/net/ipv4/ip_forward")).strip();
    run(b ->
            b.namespace("network", Path.of(own + "net"))
                .set("linux.sysctl", Map.of("net.ipv4.ip_forward", forward))
                .args("true"))
        .fails("net.ipv4.ip_forward", "host");
  }

  /** CVE-2022-36109 and its relatives: groups that were the caller's. */
  @Test
  void supplementaryGroupsOfTheCallerStayOutside() {
    Bundle bundle = workspace().bundle().args("id", "-G").write();
    try (Container container = workspace().container(bundle)) {
      Result result = container.runUnder(List.of("setpriv", "--groups", "29,46"));
      assertThat(result.ok().line()).isEqualTo("0");
    }
    try (Container container = started(b -> b.set("process.user.uid", 1000))) {
      Result result =
          runtime()
              .start(
                  "",
                  List.of("setpriv", "--groups", "29,46"),
                  List.of("exec", container.id(), "id", "-G"))
              .finish();
      assertThat(result.ok().line()).isEqualTo("0");
    }
  }

  /** A set-user-id program gives nothing to who gave up new privileges; else it would. */
  @Test
  void setUserIdGivesNothingUnderNoNewPrivileges() throws IOException {
    for (boolean given : List.of(true, false)) {
      Bundle bundle =
          workspace()
              .bundle()
              .set("process.user.uid", 1000)
              .set("process.noNewPrivileges", given)
              .args("/bin/become", "identity");
      Path program = Files.copy(program(), bundle.rootfs().resolve("bin/become"));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      new ProcessBuilder("chmod", "4755", program.toString()).start().onExit().join();
      try (Container container = workspace().container(bundle)) {
        assertThat(container.run().ok().line()).isEqualTo(given ? "1000" : "0");
      }
    }
  }

  /** Keys of the caller's session are not the container's. */
  @Test
  void sessionKeyringsAreNotShared() {
    Bundle bundle = workspace().bundle().args("/bin/attack", "session");
    try (Container container = workspace().container(bundle)) {
      assertThat(container.run().ok().line()).endsWith("_ses." + container.id());
    }
    try (Container container = started(b -> {})) {
      assertThat(container.exec("/bin/attack", "session").ok().line())
          .endsWith("_ses." + container.id());
    }
  }

  /** Descriptors that the caller of an exec has open. */
  @Test
  void descriptorsOfTheCallerDoNotJoin() {
    try (Container container = started(b -> {})) {
      Result result =
          runtime()
              .start(
                  "",
                  List.of("/bin/sh", "-c", "exec 5</etc 9</etc/passwd \"$@\"", "sh"),
                  List.of("exec", container.id(), "sh", "-c", "ls /proc/$$/fd; exit"))
              .finish();
      assertThat(result.ok().line()).isEqualTo("0\n1\n2");
    }
  }

  /** A hook may be the container's own program; who reads of its failure has a terminal. */
  @TestFactory
  DynamicTest whatAHookSaysDoesNotMoveTheReadersTerminal() {
    return check(
        "what a hook says does not move the reader's terminal",
        Deviation.HOOK_CONTROLS,
        () -> {
          String script = "printf '\\033[2J\\033]0;x\\007said'; exit 3";
          Map<String, Object> hook = Map.of("path", "/bin/sh", "args", List.of("sh", "-c", script));
          Result result = run(b -> b.set("hooks.createRuntime", List.of(hook)).args("true"));
          result.fails("hook");
          assertThat(result.err()).doesNotContain("\u001b", "\u0007");
        });
  }

  /** What another user has written down must not be done with root's rights; runc does it. */
  @TestFactory
  DynamicTest statesOfAnotherUserAreNotActedOn() {
    return check(
        "states of another user are not acted on",
        Deviation.FOREIGN_STATE,
        () -> {
          try (Container container = started(b -> {})) {
            String id = container.id();
            Path directory = runtime().root().resolve(id);
            give(directory, "1000");
            try {
              for (String[] words :
                  new String[][] {
                    {"kill", id, "CONT"},
                    {"exec", id, "true"},
                    {"update", "--pids-limit", "50", id},
                    {"delete", "--force", id}
                  }) {
                runtime().run(words).fails("belongs to user 1000");
              }
              runtime().run("state", id).ok();
            } finally {
              give(directory, "0");
            }
            assertThat(container.status()).isEqualTo("running");
          }
        });
  }

  private static void give(Path directory, String user) {
    try {
      Process chown = new ProcessBuilder("chown", user, directory.toString()).start();
      assertThat(chown.waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A removal that was cut short is finished, and nothing is emptied that a link leads to. */
  @Test
  void aLinkInPlaceOfWhatIsToBeRemovedIsNotFollowed() throws IOException {
    Path link = runtime().root().resolve("gone~");
    Files.createSymbolicLink(link, canary());
    runtime().run("delete", "--force", "gone").ok();
    Files.deleteIfExists(link);
  }

  /** A config that would never end. */
  @TestFactory
  DynamicTest configsThatNeverEndAreRefused() {
    return check(
        "configs that never end are refused",
        Deviation.ENDLESS_CONFIG,
        () -> {
          Bundle bundle = workspace().bundle();
          Path config = bundle.directory().resolve("config.json");
          String[] words = {
            "run", "--bundle", bundle.directory().toString(), workspace().prefix() + "-x"
          };
          Files.createSymbolicLink(config, Path.of("/dev/zero"));
          runtime().run(words).fails("config.json", "no regular file");
          Files.delete(config);
          new ProcessBuilder("mkfifo", config.toString()).start().onExit().join();
          runtime().run(words).fails("config.json", "no regular file");
          Files.delete(config);
          bundle.write("[".repeat(1 << 20));
          runtime().run(words).fails("config.json", "nesting");
        });
  }

  /** Ids become names of directories and control groups. */
  @ParameterizedTest
  @ValueSource(strings = {"../up", "a/b", "..", ".", "/etc", "a\nb", "a b", "\u001b[2J"})
  void idsAreNamesAndNothingElse(String id) {
    Bundle bundle = workspace().bundle().args("true").write();
    runtime().run("run", "--bundle", bundle.directory().toString(), id).fails("container id");
    for (String verb : List.of("state", "start", "delete")) {
      runtime().run(verb, id).fails("container id");
    }
  }
}
