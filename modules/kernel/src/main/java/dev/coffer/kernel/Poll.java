package dev.coffer.kernel;

import java.nio.ByteBuffer;
import java.time.Duration;

/** Waiting for one descriptor: {@code ppoll(2)}. */
public final class Poll {
  /** Errors and hang-ups are told in any case. */
  private static final short NOTHING = 0;

  /** Where the time is, behind one {@code struct pollfd}. */
  private static final int TIME = 8;

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

  /**
   * Whether one of the kernel's own files has changed since it was opened, or since this was asked
   * last; such a file says so as an error does ({@code mounts} in proc(5)).
   */
  public static boolean changed(Fd file) throws KernelException {
    return poll(file, NOTHING, Duration.ZERO);
  }

  private static boolean poll(Fd fd, short events, Duration timeout) throws KernelException {
    CallMemory memory = CallMemory.own();
    ByteBuffer words = memory.answerBytes();
    words.putInt(0, fd.number()).putShort(4, events).putShort(6, NOTHING);
    words.putLong(TIME, timeout.toSeconds()).putLong(TIME + 8, timeout.toNanosPart());
    long result = memory.call(Call.PPOLL, memory.answer(), 1, memory.answer() + TIME, 0, 8);
    if (result < 0) {
      throw KernelException.of(Call.PPOLL, result, fd);
    }
    return result > 0;
  }
}
