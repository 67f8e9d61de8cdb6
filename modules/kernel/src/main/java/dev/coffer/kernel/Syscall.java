package dev.coffer.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The one door to the kernel: libc's {@code syscall(2)}, bound once.
 *
 * <p>One handle instead of one for each function: binding costs about a millisecond each at
 * start-up, and calls newer than the host's libc have no function there.
 */
final class Syscall {
  private static final int EINTR = 4;

  private static final LibC SYSCALL = LibC.bind("syscall");

  private Syscall() {}

  static long call(Call call) {
    return call(call, 0, 0, 0, 0, 0, 0);
  }

  static long call(Call call, long a) {
    return call(call, a, 0, 0, 0, 0, 0);
  }

  static long call(Call call, long a, long b) {
    return call(call, a, b, 0, 0, 0, 0);
  }

  static long call(Call call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0, 0);
  }

  static long call(Call call, long a, long b, long c, long d) {
    return call(call, a, b, c, d, 0, 0);
  }

  static long call(Call call, long a, long b, long c, long d, long e) {
    return call(call, a, b, c, d, e, 0);
  }

  /**
   * Makes a call, again as long as a signal interrupts it (but {@code close}, which has closed all
   * the same).
   *
   * @return the result, or the negated errno, as the kernel itself answers
   */
  static long call(Call call, long a, long b, long c, long d, long e, long f) {
    return call(CallMemory.own().errno(), call, a, b, c, d, e, f);
  }

  /** The same for those who know where the errno may go. */
  static long call(MemorySegment state, Call call, long a, long b, long c, long d, long e, long f) {
    while (true) {
      long result = SYSCALL.call(state, call.number(), a, b, c, d, e, f);
      if (result != -1) {
        return result;
      }
      int errno = NativeWords.getInt(state, 0);
      if (errno != EINTR || call == Call.CLOSE) {
        return -errno;
      }
    }
  }
}
