package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Both ends of a pipe, see {@code pipe2(2)}. */
public record Pipe(Fd reader, Fd writer) implements AutoCloseable {
  /** A new one. */
  public static Pipe open() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      long result = Syscall.call(Call.PIPE2, ends.address(), OpenFlags.CLOEXEC);
      if (result < 0) {
        throw KernelException.of(Call.PIPE2, result);
      }
      return new Pipe(Fd.of(NativeWords.getInt(ends, 0)), Fd.of(NativeWords.getInt(ends, 4)));
    }
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
