package dev.coffer.kernel.library;

import static dev.coffer.kernel.library.IsaLibrary.AVAILABLE_IN;
import static dev.coffer.kernel.library.IsaLibrary.AVAILABLE_OUT;
import static dev.coffer.kernel.library.IsaLibrary.NEXT_IN;
import static dev.coffer.kernel.library.IsaLibrary.NEXT_OUT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.coffer.kernel.NativeWords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;

/** Decompresses by ISA-L, through buffers outside of the heap because its state points to them. */
final class IsaInflater implements RawInflater {
  private static final int BUFFER = 256 * 1024;

  private final IsaLibrary library;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = arena.allocate(IsaLibrary.STATE_BYTES, 64);
  private final MemorySegment input = arena.allocate(BUFFER, 64);
  private final MemorySegment output = arena.allocate(BUFFER, 64);
  private byte[] given = {};
  private int givenAt;
  private int givenEnd;
  private long written;

  IsaInflater(IsaLibrary library) {
    this.library = library;
    reset();
  }

  @Override
  public void setInput(byte[] bytes, int offset, int length) {
    given = bytes;
    givenAt = offset;
    givenEnd = offset + length;
    feed();
  }

  private void feed() {
    int length = Math.min(BUFFER, givenEnd - givenAt);
    MemorySegment.copy(given, givenAt, input, JAVA_BYTE, 0, length);
    givenAt += length;
    NativeWords.setLong(state, NEXT_IN, input.address());
    NativeWords.setInt(state, AVAILABLE_IN, length);
  }

  @Override
  public int inflate(byte[] into, int offset, int length) throws DataFormatException {
    int room = Math.min(length, BUFFER);
    int count = 0;
    while (count == 0 && !finished()) {
      NativeWords.setLong(state, NEXT_OUT, output.address());
      NativeWords.setInt(state, AVAILABLE_OUT, room);
      if (library.inflate(state) < 0) {
        throw new DataFormatException("invalid block, symbol or distance");
      }
      count = room - NativeWords.getInt(state, AVAILABLE_OUT);
      if (count == 0 && !finished()) {
        if (givenAt == givenEnd) {
          return 0;
        }
        feed();
      }
    }
    MemorySegment.copy(output, JAVA_BYTE, 0, into, offset, count);
    written += count;
    return count;
  }

  @Override
  public boolean finished() {
    return NativeWords.getInt(state, IsaLibrary.BLOCK_STATE) == IsaLibrary.FINISHED;
  }

  @Override
  public boolean needsInput() {
    return !finished() && remaining() == 0;
  }

  @Override
  public int remaining() {
    // Versions before 2.32 keep the whole bytes that they have read too far.
    int kept = finished() ? NativeWords.getInt(state, IsaLibrary.READ_IN_BITS) / 8 : 0;
    return givenEnd - givenAt + NativeWords.getInt(state, AVAILABLE_IN) + kept;
  }

  @Override
  public long written() {
    return written;
  }

  @Override
  public void reset() {
    library.init(state);
    given = new byte[0];
    givenAt = 0;
    givenEnd = 0;
    written = 0;
  }

  @Override
  public void close() {
    // A stream may be closed twice.
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
