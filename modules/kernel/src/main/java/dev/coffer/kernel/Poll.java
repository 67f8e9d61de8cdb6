package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** Waiting for one descriptor: {@code ppoll(2)}. */
public final class Poll {
  /** Errors and hang-ups are told in any case. */
  private static final short NOTHING = 0;

  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;

  private Poll() {}

  /** Waits until it can be read, or has ended; false when the time is over. */
  public static boolean readable(Fd fd, Duration timeout) throws KernelException {
    return poll(fd, POLLIN, timeout);
  }

  /** Waits until it can be written, or has ended; false when the time is over. */
  public static boolean writable(Fd fd, Duration timeout) throws KernelException {
    return poll(fd, POLLOUT, timeout);
  }

  /**
   * Waits until nobody has the other end of a pipe open any more; false when the time is over.
   *
   * @param writer the end for writing
   */
  public static boolean closed(Fd writer, Duration timeout) throws KernelException {
    return poll(writer, NOTHING, timeout);
  }

  private static boolean poll(Fd fd, short events, Duration timeout) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(8, 8);
      NativeWords.setInt(entry, 0, fd.number());
      NativeWords.setShort(entry, 4, events);
      MemorySegment time = arena.allocate(16, 8);
      NativeWords.setLong(time, 0, timeout.toSeconds());
      NativeWords.setLong(time, 8, timeout.toNanosPart());
      long result = Syscall.call(Call.PPOLL, entry.address(), 1, time.address(), 0, 8);
      if (result < 0) {
        throw KernelException.of(Call.PPOLL, result, fd);
      }
      return result > 0;
    }
  }
}
