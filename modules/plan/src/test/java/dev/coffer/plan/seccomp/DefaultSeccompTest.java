package dev.coffer.plan.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.bpf.ClassicInterpreter;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.SeccompArch;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultSeccompTest {
  private static final int ALLOW = 0x7fff_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0026;
  private static final long CLONE_NEWUSER = 0x1000_0000;

  private final SeccompCompiler compiler = new SeccompCompiler();

  @Test
  void allowsOrdinaryCallsAtLittleCost() {
    ClassicInterpreter filter = filter(SeccompArch.X86_64, DefaultCapabilities.SET.known());
    for (String name : DefaultSyscalls.ALLOWED) {
      for (SeccompArch arch : Set.of(SeccompArch.X86_64, SeccompArch.X86, SeccompArch.X32)) {
        compiler
            .tables()
            .of(arch)
            .number(name)
            .ifPresent(
                number -> {
                  ClassicInterpreter.Outcome outcome =
                      filter.run(number, SyscallAbi.of(arch).auditArch(), new long[6]);
                  assertThat(outcome.value()).as("%s %s", arch, name).isEqualTo(ALLOW);
                  assertThat(outcome.steps()).as("%s %s", arch, name).isLessThanOrEqualTo(14);
                });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mount, 0, EPERM",
    "keyctl, 0, EPERM",
    "io_uring_setup, 0, EPERM",
    "kexec_load, 0, EPERM",
    "unshare, 0x10000000, EPERM",
    "clone3, 0, ENOSYS",
    "clone, 0x11, ALLOW",
    "clone, 0x10000011, EPERM",
    "clone, 0x00020000, EPERM",
    "clone, 0x40000000, EPERM",
    "socket, 1, ALLOW",
    "socket, 16, ALLOW",
    "socket, 38, EPERM",
    "socket, 39, ALLOW",
    "socket, 40, EPERM",
    "socket, 44, ALLOW",
    "socket, 45, ALLOW",
    "socket, 63, ALLOW",
    "socket, 0x100000028, EPERM",
    "socket, 0x100000026, EPERM",
    "personality, 0, ALLOW",
    "personality, 8, ALLOW",
    "personality, 0xffffffff, ALLOW",
    "personality, 0x0040000, EPERM",
    "ptrace, 0, ALLOW",
    "arch_prctl, 0, ALLOW",
    "chroot, 0, ALLOW",
    "reboot, 0, EPERM",
  })
  void isStrictForAnOrdinaryContainer(String name, long first, String expected) {
    int number = compiler.tables().of(SeccompArch.X86_64).number(name).orElseThrow();
    int value =
        filter(SeccompArch.X86_64, DefaultCapabilities.SET.known())
            .run(
                number,
                SyscallAbi.of(SeccompArch.X86_64).auditArch(),
                new long[] {first, 0, 0, 0, 0, 0})
            .value();
    int wanted =
        switch (expected) {
          case "ALLOW" -> ALLOW;
          case "ENOSYS" -> ENOSYS;
          default -> EPERM;
        };
    assertThat(value).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({
    "SYS_ADMIN, mount",
    "SYS_ADMIN, clone3",
    "SYS_ADMIN, setns",
    "SYS_BOOT, reboot",
    "SYS_CHROOT, chroot",
    "SYS_MODULE, init_module",
    "SYS_PACCT, acct",
    "SYS_PTRACE, pidfd_getfd",
    "SYS_RAWIO, iopl",
    "SYS_TIME, settimeofday",
    "SYS_TTY_CONFIG, vhangup",
    "SYS_NICE, mbind",
    "SYSLOG, syslog",
    "BPF, bpf",
    "PERFMON, perf_event_open",
    "DAC_READ_SEARCH, open_by_handle_at"
  })
  void capabilitiesOpenTheirCalls(Capability capability, String name) {
    int number = compiler.tables().of(SeccompArch.X86_64).number(name).orElseThrow();
    int audit = SyscallAbi.of(SeccompArch.X86_64).auditArch();
    long[] none = new long[6];
    assertThat(filter(SeccompArch.X86_64, Set.of()).run(number, audit, none).value())
        .isNotEqualTo(ALLOW);
    assertThat(filter(SeccompArch.X86_64, Set.of(capability)).run(number, audit, none).value())
        .isEqualTo(ALLOW);
  }

  @Test
  void administratorsMayMakeNamespaces() {
    int clone = compiler.tables().of(SeccompArch.AARCH64).number("clone").orElseThrow();
    assertThat(
            filter(SeccompArch.AARCH64, EnumSet.of(Capability.SYS_ADMIN))
                .run(
                    clone,
                    SyscallAbi.of(SeccompArch.AARCH64).auditArch(),
                    new long[] {CLONE_NEWUSER, 0, 0, 0, 0, 0})
                .value())
        .isEqualTo(ALLOW);
  }

  @Test
  void followsKernelAndArchitecture() {
    SeccompContext old =
        new SeccompContext(Set.of(), SeccompArch.AARCH64, KernelVersion.parse("4.4.0-21-generic"));
    assertThat(DefaultSeccomp.profile(old).architectures())
        .containsExactly(SeccompArch.AARCH64, SeccompArch.ARM);
    assertThat(DefaultSeccomp.profile(old).syscalls())
        .noneMatch(call -> call.names().contains("ptrace"))
        .noneMatch(call -> call.names().contains("arch_prctl"))
        .anyMatch(call -> call.names().contains("set_tls"));
  }

  @Test
  void callsFromTheFutureFailWithEnosys() {
    ClassicInterpreter filter = filter(SeccompArch.X86_64, DefaultCapabilities.SET.known());
    int audit = SyscallAbi.of(SeccompArch.X86_64).auditArch();
    assertThat(filter.run(600, audit, new long[6]).value()).isEqualTo(ENOSYS);
    assertThat(filter.run(0x4000_0000 | 600, audit, new long[6]).value()).isEqualTo(ENOSYS);
    assertThat(filter.run(0x4000_0000 | 500, audit, new long[6]).value()).isEqualTo(ENOSYS);
    ClassicInterpreter arm = filter(SeccompArch.AARCH64, DefaultCapabilities.SET.known());
    int armAudit = SyscallAbi.of(SeccompArch.ARM).auditArch();
    assertThat(arm.run(500, armAudit, new long[6]).value()).isEqualTo(ENOSYS);
    assertThat(arm.run(0xf_0005, armAudit, new long[6]).value()).isEqualTo(ALLOW);
    assertThat(arm.run(0xf_0006, armAudit, new long[6]).value()).isEqualTo(EPERM);
    assertThat(filter.run(0, 0x1234, new long[6]).value()).isZero();
  }

  @Test
  void hasFourteenCapabilities() {
    assertThat(DefaultCapabilities.SET.bits()).isEqualTo(0xa80425fbL);
  }

  private ClassicInterpreter filter(SeccompArch arch, Set<Capability> capabilities) {
    SeccompContext context =
        new SeccompContext(capabilities, arch, KernelVersion.parse("6.18.3-amd64"));
    return new ClassicInterpreter(
        compiler.compile(DefaultSeccomp.profile(context), arch).program());
  }
}
