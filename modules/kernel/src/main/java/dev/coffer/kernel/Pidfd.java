package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Processes by descriptor, see {@code pidfd_open(2)}: no pid is ever mistaken for its successor.
 */
public final class Pidfd {
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int SIGINFO_SIZE = 128;
  private static final int CLD_EXITED = 1;

  /** After three ints the union in siginfo_t is aligned for pointers. */
  private static final int PID_OFFSET = 16;

  private Pidfd() {}

  /** A descriptor of a running (or not yet waited for) process; {@code ESRCH} where it is gone. */
  public static Fd open(int pid) throws KernelException {
    long result = Syscall.call(Call.PIDFD_OPEN, pid, 0);
    if (result < 0) {
      throw KernelException.of(Call.PIDFD_OPEN, result, pid);
    }
    return Fd.of((int) result);
  }

  /** Sends a signal; 0 only asks whether one could. {@code ESRCH} after the process's end. */
  public static void signal(Fd pidfd, int signal) throws KernelException {
    long result = Syscall.call(Call.PIDFD_SEND_SIGNAL, pidfd.number(), signal, 0, 0);
    if (result < 0) {
      throw KernelException.of(Call.PIDFD_SEND_SIGNAL, result, pidfd, signal);
    }
  }

  /** A copy of a descriptor of another process; wants the right to trace it. */
  public static Fd grab(Fd pidfd, int number) throws KernelException {
    long result = Syscall.call(Call.PIDFD_GETFD, pidfd.number(), number, 0);
    if (result < 0) {
      throw KernelException.of(Call.PIDFD_GETFD, result, pidfd, number);
    }
    return Fd.of((int) result);
  }

  /** Waits for a child's end and reaps it. */
  public static WaitStatus await(Fd pidfd) throws KernelException {
    return waitFor(pidfd, WEXITED).orElseThrow();
  }

  /** Reaps a child if it has ended. */
  public static Optional<WaitStatus> poll(Fd pidfd) throws KernelException {
    return waitFor(pidfd, WEXITED | WNOHANG);
  }

  /** The layout of {@code siginfo_t} for SIGCHLD: signo, errno, code, pid, uid, status. */
  private static Optional<WaitStatus> waitFor(Fd pidfd, int options) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
      long result = Syscall.call(Call.WAITID, P_PIDFD, pidfd.number(), info.address(), options, 0);
      if (result < 0) {
        throw KernelException.of(Call.WAITID, result, pidfd);
      }
      if (NativeWords.getInt(info, PID_OFFSET) == 0) {
        return Optional.empty();
      }
      int status = NativeWords.getInt(info, PID_OFFSET + 8);
      return Optional.of(
          NativeWords.getInt(info, 8) == CLD_EXITED
              ? new WaitStatus(status, 0)
              : new WaitStatus(128 + status, status));
    }
  }
}
