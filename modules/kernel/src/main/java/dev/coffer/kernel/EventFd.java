package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A counter to wake a waiting thread with, see {@code eventfd(2)}. */
public final class EventFd {
  private EventFd() {}

  /** A new one, at 0, that never waits. */
  public static Fd open() throws KernelException {
    long result = Syscall.call(Call.EVENTFD2, 0, OpenFlags.CLOEXEC | OpenFlags.NONBLOCK);
    if (result < 0) {
      throw KernelException.of(Call.EVENTFD2, result);
    }
    return Fd.of((int) result);
  }

  /** Makes it readable. */
  public static void signal(Fd fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(JAVA_LONG);
      NativeWords.setLong(one, 0, 1);
      FileData.writeAll(fd, one);
    }
  }

  /** Makes it unreadable. */
  public static void clear(Fd fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long result = Syscall.call(Call.READ, fd.number(), arena.allocate(JAVA_LONG).address(), 8);
      if (result < 0 && result != -Errno.EAGAIN.number()) {
        throw KernelException.of(Call.READ, result, fd);
      }
    }
  }
}
