package dev.coffer.plan.seccomp;

import static dev.coffer.spec.runtime.SeccompAction.ALLOW;
import static dev.coffer.spec.runtime.SeccompAction.ERRNO;
import static dev.coffer.spec.runtime.SeccompOperator.EQ;
import static dev.coffer.spec.runtime.SeccompOperator.LT;
import static dev.coffer.spec.runtime.SeccompOperator.MASKED_EQ;

import dev.coffer.plan.seccomp.SeccompProfile.ArchFamily;
import dev.coffer.plan.seccomp.SeccompProfile.Entry;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompArgument;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The seccomp profile of a container that asks for none. Its effect is that of the profile which
 * Docker's users have, but for one hole that is closed here: see {@link #sockets}.
 */
public final class DefaultSeccomp {
  /** The profile, before its conditions are decided. */
  public static final SeccompProfile PROFILE =
      new SeccompProfile(
          Seccomp.builder(ERRNO).defaultErrnoRet(1).build(), architectures(), entries());

  // CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET of linux/sched.h. CLONE_NEWTIME is missing
  // because clone reads that bit as part of the exit signal.
  private static final long NAMESPACE_FLAGS = 0x7e02_0000L;

  private static final int ENOSYS = 38;

  private DefaultSeccomp() {}

  /** The default profile for a container: {@link #PROFILE} with its conditions decided. */
  public static Seccomp profile(SeccompContext context) {
    return PROFILE.resolve(context);
  }

  private static List<ArchFamily> architectures() {
    return List.of(
        family(SeccompArch.X86_64, SeccompArch.X86, SeccompArch.X32),
        family(SeccompArch.AARCH64, SeccompArch.ARM),
        family(SeccompArch.MIPS64, SeccompArch.MIPS, SeccompArch.MIPS64N32),
        family(SeccompArch.MIPS64N32, SeccompArch.MIPS, SeccompArch.MIPS64),
        family(SeccompArch.MIPSEL64, SeccompArch.MIPSEL, SeccompArch.MIPSEL64N32),
        family(SeccompArch.MIPSEL64N32, SeccompArch.MIPSEL, SeccompArch.MIPSEL64),
        family(SeccompArch.S390X, SeccompArch.S390),
        family(SeccompArch.RISCV64),
        family(SeccompArch.LOONGARCH64));
  }

  private static ArchFamily family(SeccompArch arch, SeccompArch... others) {
    return new ArchFamily(arch, List.of(others));
  }

  private static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    entries.add(allow(SeccompCondition.NONE, DefaultSyscalls.ALLOWED));
    // Before 4.8 a tracer could change a call after the filter had looked at it.
    SeccompCondition tracing =
        new SeccompCondition(List.of(), List.of(), Optional.of(new KernelVersion(4, 8)));
    entries.add(allow(tracing, List.of("process_vm_readv", "process_vm_writev", "ptrace")));
    sockets(entries);
    personalities(entries);
    onArchitectures(entries);
    withCapabilities(entries);
    clones(entries);
    return entries;
  }

  /**
   * All address families but AF_ALG (38) and AF_VSOCK (40). The families above 40 are listed up to
   * 63 and not as "greater than 40": the kernel takes the family from the low 32 bits of the
   * argument, so 0x1_0000_0028 is greater than 40 for a filter and AF_VSOCK for socket(2).
   */
  private static void sockets(List<Entry> entries) {
    entries.add(allowIf("socket", SeccompArgument.of(0, LT, 38)));
    entries.add(allowIf("socket", SeccompArgument.of(0, EQ, 39)));
    entries.add(allowIf("socket", SeccompArgument.of(0, EQ, 41)));
    entries.add(allowIf("socket", masked(0, ~1L, 42)));
    entries.add(allowIf("socket", masked(0, ~3L, 44)));
    entries.add(allowIf("socket", masked(0, ~15L, 48)));
  }

  /** PER_LINUX, PER_LINUX32, UNAME26 with either, and the question what the personality is. */
  private static void personalities(List<Entry> entries) {
    for (long persona : new long[] {0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffffL}) {
      entries.add(allowIf("personality", SeccompArgument.of(0, EQ, persona)));
    }
  }

  private static void onArchitectures(List<Entry> entries) {
    entries.add(allow(arches("ppc64le"), List.of("sync_file_range2", "swapcontext")));
    entries.add(
        allow(
            arches("arm", "arm64"),
            List.of(
                "arm_fadvise64_64",
                "arm_sync_file_range",
                "sync_file_range2",
                "breakpoint",
                "cacheflush",
                "set_tls")));
    entries.add(allow(arches("amd64", "x32"), List.of("arch_prctl")));
    entries.add(allow(arches("amd64", "x32", "x86"), List.of("modify_ldt")));
    entries.add(
        allow(
            arches("s390", "s390x"),
            List.of("s390_pci_mmio_read", "s390_pci_mmio_write", "s390_runtime_instr")));
    entries.add(allow(arches("riscv64"), List.of("riscv_flush_icache")));
  }

  private static void withCapabilities(List<Entry> entries) {
    entries.add(allow(capability(Capability.DAC_READ_SEARCH), List.of("open_by_handle_at")));
    entries.add(
        allow(
            capability(Capability.SYS_ADMIN),
            List.of(
                "bpf",
                "clone",
                "clone3",
                "fanotify_init",
                "fsconfig",
                "fsmount",
                "fsopen",
                "fspick",
                "lookup_dcookie",
                "lsm_get_self_attr",
                "lsm_list_modules",
                "lsm_set_self_attr",
                "mount",
                "mount_setattr",
                "move_mount",
                "open_tree",
                "perf_event_open",
                "quotactl",
                "quotactl_fd",
                "setdomainname",
                "sethostname",
                "setns",
                "syslog",
                "umount",
                "umount2",
                "unshare")));
    entries.add(allow(capability(Capability.SYS_BOOT), List.of("reboot")));
    entries.add(allow(capability(Capability.SYS_CHROOT), List.of("chroot")));
    entries.add(
        allow(
            capability(Capability.SYS_MODULE),
            List.of("delete_module", "init_module", "finit_module")));
    entries.add(allow(capability(Capability.SYS_PACCT), List.of("acct")));
    entries.add(
        allow(
            capability(Capability.SYS_PTRACE),
            List.of(
                "kcmp",
                "pidfd_getfd",
                "process_madvise",
                "process_vm_readv",
                "process_vm_writev",
                "ptrace")));
    entries.add(allow(capability(Capability.SYS_RAWIO), List.of("iopl", "ioperm")));
    entries.add(
        allow(
            capability(Capability.SYS_TIME),
            List.of("settimeofday", "stime", "clock_settime", "clock_settime64")));
    entries.add(allow(capability(Capability.SYS_TTY_CONFIG), List.of("vhangup")));
    entries.add(
        allow(
            capability(Capability.SYS_NICE),
            List.of("get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node")));
    entries.add(allow(capability(Capability.SYSLOG), List.of("syslog")));
    entries.add(allow(capability(Capability.BPF), List.of("bpf")));
    entries.add(allow(capability(Capability.PERFMON), List.of("perf_event_open")));
  }

  /**
   * Without CAP_SYS_ADMIN no new namespaces. The flags of clone3 are in memory, where a filter
   * cannot look, so it does not exist: C libraries then use clone.
   */
  private static void clones(List<Entry> entries) {
    String admin = Capability.SYS_ADMIN.spelling();
    SeccompCondition adminOrS390 =
        new SeccompCondition(List.of(admin), List.of("s390", "s390x"), Optional.empty());
    SeccompCondition onS390 = arches("s390", "s390x");
    SeccompCondition onlyAdmin = capability(Capability.SYS_ADMIN);
    SeccompSyscall clone =
        SeccompSyscall.of(ALLOW, List.of("clone"), List.of(masked(0, NAMESPACE_FLAGS, 0)));
    SeccompSyscall cloneOnS390 =
        SeccompSyscall.of(ALLOW, List.of("clone"), List.of(masked(1, NAMESPACE_FLAGS, 0)));
    SeccompSyscall clone3 =
        new SeccompSyscall(
            List.of("clone3"), ERRNO, Optional.of((long) ENOSYS), List.of(), JsonObject.EMPTY);
    entries.add(new Entry(clone, SeccompCondition.NONE, adminOrS390));
    entries.add(new Entry(cloneOnS390, onS390, onlyAdmin));
    entries.add(new Entry(clone3, SeccompCondition.NONE, onlyAdmin));
  }

  private static Entry allow(SeccompCondition includes, List<String> names) {
    return new Entry(SeccompSyscall.of(ALLOW, names, List.of()), includes, SeccompCondition.NONE);
  }

  private static Entry allowIf(String name, SeccompArgument argument) {
    return new Entry(
        SeccompSyscall.of(ALLOW, List.of(name), List.of(argument)),
        SeccompCondition.NONE,
        SeccompCondition.NONE);
  }

  private static SeccompArgument masked(int index, long mask, long value) {
    return new SeccompArgument(index, mask, value, MASKED_EQ, JsonObject.EMPTY);
  }

  private static SeccompCondition capability(Capability capability) {
    return new SeccompCondition(List.of(capability.spelling()), List.of(), Optional.empty());
  }

  private static SeccompCondition arches(String... names) {
    return new SeccompCondition(List.of(), List.of(names), Optional.empty());
  }
}
