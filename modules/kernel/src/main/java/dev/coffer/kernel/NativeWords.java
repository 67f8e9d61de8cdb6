package dev.coffer.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Words in native memory, in the machine's byte order, aligned or not.
 *
 * <p>What {@code MemorySegment.get} does, without the method handles behind it: making those costs
 * 40 ms of an engine's start, and the first compiler does not see through them afterwards.
 */
public final class NativeWords {
  private NativeWords() {}

  public static short getShort(MemorySegment memory, long offset) {
    return bytes(memory).getShort(Math.toIntExact(offset));
  }

  public static int getInt(MemorySegment memory, long offset) {
    return bytes(memory).getInt(Math.toIntExact(offset));
  }

  public static long getLong(MemorySegment memory, long offset) {
    return bytes(memory).getLong(Math.toIntExact(offset));
  }

  public static void setShort(MemorySegment memory, long offset, short value) {
    ByteBuffer ignored = bytes(memory).putShort(Math.toIntExact(offset), value);
  }

  public static void setInt(MemorySegment memory, long offset, int value) {
    ByteBuffer ignored = bytes(memory).putInt(Math.toIntExact(offset), value);
  }

  public static void setLong(MemorySegment memory, long offset, long value) {
    ByteBuffer ignored = bytes(memory).putLong(Math.toIntExact(offset), value);
  }

  /** All of it, for those who want many. */
  static ByteBuffer bytes(MemorySegment memory) {
    return memory.asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
