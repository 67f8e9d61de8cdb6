package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** This process: who it is, and what of it can be asked or changed. */
public final class CurrentProcess {
  private static final int CPU_SET_SIZE = 1024;

  private CurrentProcess() {}

  /** A resource limit's both values; -1 is unlimited. */
  public record Limit(long soft, long hard) {}

  public static int pid() {
    return (int) Syscall.call(Call.GETPID);
  }

  public static int uid() {
    return (int) Syscall.call(Call.GETUID);
  }

  public static int effectiveUid() {
    return (int) Syscall.call(Call.GETEUID);
  }

  public static int gid() {
    return (int) Syscall.call(Call.GETGID);
  }

  public static int effectiveGid() {
    return (int) Syscall.call(Call.GETEGID);
  }

  /** Sets the mask of modes for the whole process, and gives the one before. */
  public static int setUmask(int mask) {
    return (int) Syscall.call(Call.UMASK, mask);
  }

  /** {@code prctl(2)}; its result. */
  public static int control(int option, long argument) throws KernelException {
    long result = Syscall.call(Call.PRCTL, option, argument, 0, 0, 0);
    if (result < 0) {
      throw KernelException.of(Call.PRCTL, result, option, argument);
    }
    return (int) result;
  }

  /** The processors that this process may run on. */
  public static BitSet affinity() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(CPU_SET_SIZE, 8);
      long size = Syscall.call(Call.SCHED_GETAFFINITY, 0, CPU_SET_SIZE, set.address());
      if (size < 0) {
        throw KernelException.of(Call.SCHED_GETAFFINITY, size);
      }
      return BitSet.valueOf(set.asSlice(0, size).toArray(JAVA_BYTE));
    }
  }

  /** A limit, by its number in {@code getrlimit(2)}. */
  public static Limit limit(int resource) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment old = arena.allocate(16, 8);
      long result = Syscall.call(Call.PRLIMIT64, 0, resource, 0, old.address());
      if (result < 0) {
        throw KernelException.of(Call.PRLIMIT64, result, resource);
      }
      return new Limit(NativeWords.getLong(old, 0), NativeWords.getLong(old, 8));
    }
  }

  /** Sets a limit; raising the hard one wants CAP_SYS_RESOURCE, else it is {@code EPERM}. */
  public static void setLimit(int resource, Limit limit) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment next = arena.allocate(16, 8);
      NativeWords.setLong(next, 0, limit.soft());
      NativeWords.setLong(next, 8, limit.hard());
      long result = Syscall.call(Call.PRLIMIT64, 0, resource, next.address(), 0);
      if (result < 0) {
        throw KernelException.of(Call.PRLIMIT64, result, resource, limit);
      }
    }
  }

  /** {@code kill(2)}: for a process that is known by its pid alone. */
  public static void kill(int pid, int signal) throws KernelException {
    long result = Syscall.call(Call.KILL, pid, signal);
    if (result < 0) {
      throw KernelException.of(Call.KILL, result, pid, signal);
    }
  }
}
