package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a thread hands to the kernel and gets from it: a name, an answer, the errno. Each thread has
 * its own for all its calls: an arena for each call would be a good part of what a cheap one costs.
 *
 * <p>What is in here is there until the thread's next call.
 */
final class CallMemory {
  /** How long an answer may be: most of what the kernel tells of a process is shorter. */
  static final int ANSWER = 4096;

  /** Of this length and more the kernel takes no name: {@code PATH_MAX} with its NUL. */
  private static final int TOO_LONG = 4096;

  private static final int WORD = 8;

  private static final ThreadLocal<CallMemory> OWN = ThreadLocal.withInitial(CallMemory::new);

  private final MemorySegment errno;
  private final MemorySegment answer;
  private final ByteBuffer answerBytes;
  private final MemorySegment name;
  private final ByteBuffer nameBytes;

  private CallMemory() {
    MemorySegment all = Arena.ofAuto().allocate(WORD + ANSWER + TOO_LONG + 1, WORD);
    errno = all.asSlice(0, WORD);
    answer = all.asSlice(WORD, ANSWER);
    answerBytes = answer.asByteBuffer().order(ByteOrder.nativeOrder());
    name = all.asSlice(WORD + ANSWER);
    nameBytes = name.asByteBuffer();
  }

  /** This thread's. */
  static CallMemory own() {
    return OWN.get();
  }

  /** Where a call leaves its errno. */
  MemorySegment errno() {
    return errno;
  }

  /** The address to which a call writes its answer. */
  long answer() {
    return answer.address();
  }

  /** What a call has written there. */
  ByteBuffer answerBytes() {
    return answerBytes;
  }

  /**
   * The address of a NUL-terminated copy; a name with a NUL in it is {@code EINVAL}. Of one that is
   * too long, what is too long for the kernel as well.
   */
  long name(String text) throws KernelException {
    byte[] bytes = NativeText.encodeName(text);
    int length = Math.min(bytes.length, TOO_LONG);
    nameBytes.put(0, bytes, 0, length).put(length, (byte) 0);
    return name.address();
  }

  /** Makes a call as {@link Syscall} does. */
  long call(Call call, long a, long b, long c, long d, long e) {
    return Syscall.call(errno, call, a, b, c, d, e, 0);
  }
}
