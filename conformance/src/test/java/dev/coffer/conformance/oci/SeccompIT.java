package dev.coffer.conformance.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Seccomp filters, as calls from inside meet them. */
class SeccompIT extends OciSuite {

  private static final int EPERM = 1;
  private static final int EBADF = 9;
  private static final int ENOSYS = 38;
  private static final int KILLED_BY_SIGSYS = 128 + 31;

  private Path probe;

  @Override
  void prepare(Workspace workspace) {
    probe = Probe.install(workspace);
  }

  private static Map<String, Object> rule(List<String> names, String action, Object... more) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("names", names);
    rule.put("action", action);
    for (int i = 0; i < more.length; i += 2) {
      rule.put((String) more[i], more[i + 1]);
    }
    return rule;
  }

  private static Map<String, Object> argument(int index, String operator, long value) {
    return Map.of("index", index, "op", operator, "value", value);
  }

  private static Consumer<Bundle> allowAllBut(Object... rules) {
    return b ->
        b.set("linux.seccomp.defaultAction", "SCMP_ACT_ALLOW")
            .set("linux.seccomp.syscalls", List.of(rules));
  }

  @TestFactory
  Stream<DynamicNode> actions() {
    String killed = "probe sched_get_priority_max 2>/dev/null; echo $?";
    return Stream.of(
        facts(
            "no filter",
            b -> {},
            Fact.status("Seccomp", "0"),
            Fact.matches("probe sched_get_priority_max", "\\d+ 0")),
        facts(
            "SCMP_ACT_ERRNO",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO")),
            Fact.status("Seccomp", "2"),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM),
            Fact.says("probe mkdir", "0 0")),
        facts(
            "SCMP_ACT_ERRNO with a number",
            allowAllBut(
                rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO", "errnoRet", 77),
                rule(List.of("mkdir", "mkdirat"), "SCMP_ACT_ERRNO", "errnoRet", ENOSYS)),
            Fact.says("probe sched_get_priority_max", "-1 77"),
            Fact.says("probe mkdir", "-1 " + ENOSYS)),
        facts(
            "SCMP_ACT_KILL",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_KILL")),
            Fact.says(killed, "" + KILLED_BY_SIGSYS)),
        facts(
            "SCMP_ACT_KILL_THREAD",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_KILL_THREAD")),
            Fact.says(killed, "" + KILLED_BY_SIGSYS)),
        facts(
            "SCMP_ACT_KILL_PROCESS",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_KILL_PROCESS")),
            Fact.says(killed, "" + KILLED_BY_SIGSYS)),
        facts(
            "SCMP_ACT_TRAP",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_TRAP")),
            Fact.says("probe trap", "trapped 1")),
        facts(
            "SCMP_ACT_TRACE without a tracer",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_TRACE", "errnoRet", 5)),
            Fact.says("probe sched_get_priority_max", "-1 " + ENOSYS)),
        facts(
            "SCMP_ACT_LOG",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_LOG")),
            Fact.status("Seccomp", "2"),
            Fact.matches("probe sched_get_priority_max", "\\d+ 0")),
        facts(
            "SCMP_ACT_ALLOW",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ALLOW")),
            Fact.matches("probe sched_get_priority_max", "\\d+ 0")));
  }

  /** What the shell and the probe need; all else meets the default action. */
  private static final List<String> NEEDED =
      List.of(
          "access",
          "arch_prctl",
          "brk",
          "capget",
          "capset",
          "chdir",
          "clone",
          "clone3",
          "close",
          "close_range",
          "dup",
          "dup2",
          "dup3",
          "epoll_create1",
          "epoll_ctl",
          "epoll_pwait",
          "execve",
          "execveat",
          "exit",
          "exit_group",
          "faccessat",
          "faccessat2",
          "fchdir",
          "fchown",
          "fcntl",
          "fork",
          "fstat",
          "fstatfs",
          "futex",
          "getcwd",
          "getdents64",
          "getegid",
          "geteuid",
          "getgid",
          "getpgid",
          "getpid",
          "getrandom",
          "gettid",
          "getuid",
          "ioctl",
          "kill",
          "lseek",
          "madvise",
          "mmap",
          "mprotect",
          "munmap",
          "nanosleep",
          "newfstatat",
          "open",
          "openat",
          "openat2",
          "pipe",
          "pipe2",
          "poll",
          "prctl",
          "pread64",
          "prlimit64",
          "read",
          "readlink",
          "readlinkat",
          "readv",
          "recvfrom",
          "recvmsg",
          "rseq",
          "rt_sigaction",
          "rt_sigprocmask",
          "rt_sigreturn",
          "sched_yield",
          "seccomp",
          "sendmsg",
          "sendto",
          "set_robust_list",
          "set_tid_address",
          "setgid",
          "setgroups",
          "setpgid",
          "setsid",
          "setuid",
          "sigaltstack",
          "stat",
          "statfs",
          "statx",
          "sysinfo",
          "tgkill",
          "umask",
          "uname",
          "unlink",
          "vfork",
          "wait4",
          "waitid",
          "write",
          "writev");

  @TestFactory
  Stream<DynamicNode> defaultActions() {
    return Stream.of(
        check(
            "nothing at all is an error, and no container that never ends",
            () -> {
              Container container =
                  container(
                      b ->
                          b.set("linux.seccomp.defaultAction", "SCMP_ACT_ERRNO")
                              .set("linux.seccomp.defaultErrnoRet", 38));
              container.run().fails();
              container.leftovers().assertNone();
            }),
        check(
            "nothing at all, and start does not wait for it",
            () -> {
              try (Container container =
                  container(
                      b ->
                          b.set("linux.seccomp.defaultAction", "SCMP_ACT_ERRNO")
                              .set("linux.seccomp.defaultErrnoRet", 38))) {
                container.create().ok();
                Result ignored = container.start();
                container.awaitStatus("stopped");
              }
            }),
        facts(
            "a list of what is allowed",
            b ->
                b.set("linux.seccomp.defaultAction", "SCMP_ACT_ERRNO")
                    .set("linux.seccomp.syscalls", List.of(rule(NEEDED, "SCMP_ACT_ALLOW"))),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM),
            Fact.says("probe mkdir", "-1 " + EPERM),
            Fact.says("probe lseek -1 0 0", "-1 " + EBADF)),
        facts(
            "with a default errno",
            b ->
                b.set("linux.seccomp.defaultAction", "SCMP_ACT_ERRNO")
                    .set("linux.seccomp.defaultErrnoRet", 99)
                    .set("linux.seccomp.syscalls", List.of(rule(NEEDED, "SCMP_ACT_ALLOW"))),
            Fact.says("probe sched_get_priority_max", "-1 99")),
        facts(
            "a name that no kernel has",
            allowAllBut(rule(List.of("no_such_call", "sched_get_priority_max"), "SCMP_ACT_ERRNO")),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM)),
        facts(
            "without no_new_privs and without CAP_SYS_ADMIN",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO"))
                .andThen(b -> b.set("process.noNewPrivileges", false)),
            Fact.status("Seccomp", "2"),
            Fact.status("NoNewPrivs", "0"),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM)),
        facts(
            "a user",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO"))
                .andThen(
                    b -> b.set("process.user.uid", 1000).set("process.noNewPrivileges", false)),
            Fact.status("Seccomp", "2"),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM)),
        facts(
            "architectures",
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO"))
                .andThen(
                    b ->
                        b.set(
                            "linux.seccomp.architectures",
                            List.of(
                                "SCMP_ARCH_X86_64",
                                "SCMP_ARCH_X86",
                                "SCMP_ARCH_X32",
                                "SCMP_ARCH_AARCH64"))),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM)),
        facts(
            "flags",
            Deviation.SECCOMP_FLAGS,
            allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO"))
                .andThen(
                    b ->
                        b.set(
                            "linux.seccomp.flags",
                            List.of("SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"))),
            Fact.status("Seccomp", "2"),
            Fact.says("probe sched_get_priority_max", "-1 " + EPERM)));
  }

  /**
   * An operator with its value, tried with values around it.
   *
   * @param hits which values the kernel's own arithmetic says it meets; all are unsigned
   */
  private record Operator(Map<String, Object> argument, String name, LongPredicate hits) {}

  private static Operator operator(String name, long value, LongPredicate hits) {
    return new Operator(argument(1, name, value), name + " " + Long.toUnsignedString(value), hits);
  }

  @TestFactory
  Stream<DynamicNode> operators() {
    List<Operator> operators = new ArrayList<>();
    for (long value : new long[] {5, 0x1_0000_0005L, 0x7fff_ffffL}) {
      operators.add(operator("SCMP_CMP_EQ", value, given -> given == value));
      operators.add(operator("SCMP_CMP_NE", value, given -> given != value));
      operators.add(operator("SCMP_CMP_LT", value, given -> given < value));
      operators.add(operator("SCMP_CMP_LE", value, given -> given <= value));
      operators.add(operator("SCMP_CMP_GT", value, given -> given > value));
      operators.add(operator("SCMP_CMP_GE", value, given -> given >= value));
      operators.add(
          new Operator(
              Map.of(
                  "index", 1, "op", "SCMP_CMP_MASKED_EQ", "value", 0xfL, "valueTwo", value & 0xf),
              "SCMP_CMP_MASKED_EQ 15 " + (value & 0xf) + " (" + value + ")",
              given -> (given & 0xf) == (value & 0xf)));
    }
    return operators.stream()
        .map(
            operator ->
                facts(
                    operator.name(),
                    allowAllBut(
                        rule(
                            List.of("lseek"),
                            "SCMP_ACT_ERRNO",
                            "errnoRet",
                            77,
                            "args",
                            List.of(operator.argument()))),
                    Stream.of(
                            0L,
                            4L,
                            5L,
                            6L,
                            21L,
                            0x7fff_fffeL,
                            0x7fff_ffffL,
                            0x1_0000_0004L,
                            0x1_0000_0005L,
                            0x2_0000_0005L)
                        .map(
                            given ->
                                Fact.says(
                                    "probe lseek -1 " + given + " 0",
                                    "-1 " + (operator.hits().test(given) ? 77 : EBADF)))
                        .toArray(Fact[]::new)));
  }

  @TestFactory
  Stream<DynamicNode> combinations() {
    return Stream.of(
        facts(
            "arguments of one rule all have to meet",
            allowAllBut(
                rule(
                    List.of("lseek"),
                    "SCMP_ACT_ERRNO",
                    "errnoRet",
                    77,
                    "args",
                    List.of(argument(1, "SCMP_CMP_EQ", 5), argument(2, "SCMP_CMP_EQ", 2)))),
            Fact.says("probe lseek -1 5 2", "-1 77"),
            Fact.says("probe lseek -1 5 1", "-1 " + EBADF),
            Fact.says("probe lseek -1 4 2", "-1 " + EBADF)),
        facts(
            "of two rules one",
            allowAllBut(
                rule(
                    List.of("lseek"),
                    "SCMP_ACT_ERRNO",
                    "errnoRet",
                    77,
                    "args",
                    List.of(argument(1, "SCMP_CMP_EQ", 5))),
                rule(
                    List.of("lseek"),
                    "SCMP_ACT_ERRNO",
                    "errnoRet",
                    77,
                    "args",
                    List.of(argument(1, "SCMP_CMP_EQ", 6)))),
            Fact.says("probe lseek -1 5 0", "-1 77"),
            Fact.says("probe lseek -1 6 0", "-1 77"),
            Fact.says("probe lseek -1 7 0", "-1 " + EBADF)),
        facts(
            "the first argument",
            allowAllBut(
                rule(
                    List.of("lseek"),
                    "SCMP_ACT_ERRNO",
                    "errnoRet",
                    77,
                    "args",
                    List.of(argument(0, "SCMP_CMP_EQ", 1234)))),
            Fact.says("probe lseek 1234 0 0", "-1 77"),
            Fact.says("probe lseek 1235 0 0", "-1 " + EBADF)));
  }

  @TestFactory
  Stream<DynamicNode> refusals() {
    return Stream.of(
        check(
            "an action that nobody knows",
            () ->
                run(allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_PRAY")))
                    .fails("scmp_act_pray")),
        check(
            "a default action that nobody knows",
            () ->
                run(b -> b.set("linux.seccomp.defaultAction", "SCMP_ACT_HOPE"))
                    .fails("scmp_act_hope")),
        check(
            "an operator that nobody knows",
            () ->
                run(allowAllBut(
                        rule(
                            List.of("lseek"),
                            "SCMP_ACT_ERRNO",
                            "args",
                            List.of(argument(1, "SCMP_CMP_NEAR", 5)))))
                    .fails("scmp_cmp_near")),
        check(
            "an architecture that nobody knows",
            () ->
                run(allowAllBut()
                        .andThen(
                            b -> b.set("linux.seccomp.architectures", List.of("SCMP_ARCH_PDP11"))))
                    .fails("scmp_arch_pdp11")),
        check(
            "a flag that nobody knows",
            () ->
                run(allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_ERRNO"))
                        .andThen(
                            b ->
                                b.set("linux.seccomp.flags", List.of("SECCOMP_FILTER_FLAG_MAGIC"))))
                    .fails("flag")),
        check(
            "notify without a listener",
            () ->
                run(allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_NOTIFY")))
                    .fails("listener")));
  }

  /** The agent at listenerPath gets the descriptor and the state, and decides. */
  @TestFactory
  Stream<DynamicNode> notification() {
    return Stream.of(group("SCMP_ACT_NOTIFY", this::notified));
  }

  private Stream<DynamicNode> notified() {
    try {
      Path socket = workspace().directory().resolve("agent");
      Path said = workspace().directory().resolve("agent.out");
      Process agent =
          new ProcessBuilder(probe.toString(), "agent", socket.toString(), "4711")
              .redirectOutput(said.toFile())
              .redirectErrorStream(true)
              .start();
      WaitFor.condition("the agent listens", Duration.ofSeconds(5), () -> Files.exists(socket));
      Bundle bundle = workspace().bundle();
      allowAllBut(rule(List.of("sched_get_priority_max"), "SCMP_ACT_NOTIFY"))
          .andThen(
              b ->
                  b.set("linux.seccomp.listenerPath", socket.toString())
                      .set("linux.seccomp.listenerMetadata", "for the agent")
                      .args("/bin/probe", "sched_get_priority_max"))
          .accept(bundle);
      Container container = workspace().container(bundle);
      Result result = container.run();
      if (!agent.waitFor(5, TimeUnit.SECONDS)) {
        agent.destroyForcibly();
      }
      String[] parts = Files.readString(said).split("\ncall ");
      return Stream.of(
          check(
              "the agent's value is the result",
              () -> assertThat(result.ok().line()).isEqualTo("4711 0")),
          check("the agent saw the call", () -> assertThat(parts[1].strip()).isEqualTo("1")),
          check(
              "the state names the container",
              () -> assertThat(Tree.parse(parts[0]).text("state.id")).isEqualTo(container.id())),
          check(
              "the state names the process",
              () -> assertThat(Tree.parse(parts[0]).number("pid")).isPositive()),
          check(
              "the metadata came",
              () -> assertThat(Tree.parse(parts[0]).text("metadata")).isEqualTo("for the agent")),
          check(
              "the descriptor is named",
              () -> assertThat(Tree.parse(parts[0]).text("fds.0")).isEqualTo("seccompFd")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
