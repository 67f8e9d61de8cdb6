package dev.coffer.plan.wire;

import static dev.coffer.plan.wire.ArgumentFormat.*;

import java.util.List;
import java.util.Locale;

/**
 * The system calls that plans use, with their numbers on each machine (arch/x86/entry/syscalls and
 * asm-generic/unistd.h) and how their arguments read.
 */
public enum Syscall {
  BPF(321, 280, BPF_COMMAND, STRUCTURE, NUMBER),
  CAPSET(126, 91, STRUCTURE, CAPABILITIES),
  CHDIR(80, 49, TEXT),
  CHROOT(161, 51, TEXT),
  CLOSE(3, 57, DESCRIPTOR),
  CONNECT(42, 203, DESCRIPTOR, STRUCTURE, NUMBER),
  DUP3(292, 24, DESCRIPTOR, DESCRIPTOR, OPEN_FLAGS),
  FACCESSAT(269, 48, DESCRIPTOR, TEXT, NUMBER),
  FCHDIR(81, 50, DESCRIPTOR),
  FCHMOD(91, 52, DESCRIPTOR, MODE),
  FCHMODAT(268, 53, DESCRIPTOR, TEXT, MODE),
  FCHOWN(93, 55, DESCRIPTOR, NUMBER, NUMBER),
  FCHOWNAT(260, 54, DESCRIPTOR, TEXT, NUMBER, NUMBER, AT_FLAGS),
  FCNTL(72, 25, DESCRIPTOR, NUMBER, NUMBER),
  FSCONFIG(431, 431, DESCRIPTOR, FSCONFIG_COMMAND, TEXT, TEXT, NUMBER),
  FSMOUNT(432, 432, DESCRIPTOR, FSMOUNT_FLAGS, MOUNT_ATTRIBUTES),
  FSOPEN(430, 430, TEXT, FSOPEN_FLAGS),
  FSPICK(433, 433, DESCRIPTOR, TEXT, HEX),
  GETPID(39, 172),
  IOCTL(16, 29, DESCRIPTOR, IOCTL_REQUEST, STRUCTURE),
  IOPRIO_SET(251, 30, NUMBER, NUMBER, NUMBER),
  KEYCTL(250, 219, KEYCTL_OPERATION, TEXT),
  MEMFD_CREATE(319, 279, TEXT, HEX),
  MKDIRAT(258, 34, DESCRIPTOR, TEXT, MODE),
  MKNODAT(259, 33, DESCRIPTOR, TEXT, MODE, DEVICE),
  MOUNT_SETATTR(442, 442, DESCRIPTOR, TEXT, AT_FLAGS, MOUNT_ATTR, NUMBER),
  MOVE_MOUNT(429, 429, DESCRIPTOR, TEXT, DESCRIPTOR, TEXT, MOVE_MOUNT_FLAGS),
  OPENAT(257, 56, DESCRIPTOR, TEXT, OPEN_FLAGS),
  OPENAT2(437, 437, DESCRIPTOR, TEXT, OPEN_HOW, NUMBER),
  OPEN_TREE(428, 428, DESCRIPTOR, TEXT, OPEN_TREE_FLAGS),
  PERSONALITY(135, 92, HEX),
  PIDFD_OPEN(434, 434, NUMBER, NUMBER),
  PIVOT_ROOT(155, 41, TEXT, TEXT),
  PRCTL(157, 167, PRCTL_OPTION, NUMBER, NUMBER, NUMBER, NUMBER),
  PRLIMIT64(302, 261, NUMBER, RESOURCE, RLIMIT, NUMBER),
  SCHED_GETAFFINITY(204, 123, NUMBER, NUMBER, STRUCTURE),
  SCHED_SETAFFINITY(203, 122, NUMBER, NUMBER, STRUCTURE),
  SCHED_SETATTR(314, 274, NUMBER, STRUCTURE, NUMBER),
  SECCOMP(317, 277, SECCOMP_OPERATION, SECCOMP_FLAGS, FILTER),
  SENDMSG(46, 211, DESCRIPTOR, STRUCTURE, HEX),
  SETDOMAINNAME(171, 162, TEXT, NUMBER),
  SETGROUPS(116, 159, NUMBER, GROUPS),
  SETHOSTNAME(170, 161, TEXT, NUMBER),
  SETNS(308, 268, DESCRIPTOR, CLONE_FLAGS),
  SETRESGID(119, 149, NUMBER, NUMBER, NUMBER),
  SETRESUID(117, 147, NUMBER, NUMBER, NUMBER),
  SETSID(112, 157),
  SET_MEMPOLICY(238, 237, NUMBER, STRUCTURE, NUMBER),
  SOCKET(41, 198, NUMBER, NUMBER, NUMBER),
  SYMLINKAT(266, 36, TEXT, DESCRIPTOR, TEXT),
  UMASK(95, 166, MODE),
  UMOUNT2(166, 39, TEXT, UMOUNT_FLAGS),
  UNSHARE(272, 97, CLONE_FLAGS),
  WAITID(247, 95, NUMBER, NUMBER, NUMBER, HEX, NUMBER),
  WRITE(1, 64, DESCRIPTOR, TEXT, NUMBER);

  private final int x86;
  private final int aarch64;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<ArgumentFormat> formats;

  Syscall(int x86, int aarch64, ArgumentFormat... formats) {
    this.x86 = x86;
    this.aarch64 = aarch64;
    this.formats = List.of(formats);
  }

  /** Its number on a machine. */
  public int number(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> x86;
      case AARCH64 -> aarch64;
    };
  }

  /** How its arguments read, in order. */
  public List<ArgumentFormat> formats() {
    return formats;
  }

  /** Its name as in the manual. */
  public String callName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The call with a number on a machine.
   *
   * @throws MalformedPlanException when plans do not use it
   */
  public static Syscall of(int number, Architecture architecture) {
    for (Syscall call : values()) {
      if (call.number(architecture) == number) {
        return call;
      }
    }
    throw new MalformedPlanException("unknown system call " + number);
  }
}
