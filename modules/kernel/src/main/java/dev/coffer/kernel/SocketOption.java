package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Options of sockets that are whole numbers: 32 bits to set, 64 to get. Source: setsockopt(2). */
final class SocketOption {
  private SocketOption() {}

  static void set(Fd socket, int level, int name, int value) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      NativeWords.setInt(number, 0, value);
      long result =
          Syscall.call(
              Call.SETSOCKOPT, socket.number(), level, name, number.address(), JAVA_INT.byteSize());
      if (result < 0) {
        throw KernelException.of(Call.SETSOCKOPT, result, level, name, value);
      }
    }
  }

  static long get(Fd socket, int level, int name) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_LONG);
      MemorySegment size = arena.allocate(JAVA_INT);
      NativeWords.setInt(size, 0, (int) JAVA_LONG.byteSize());
      long result =
          Syscall.call(
              Call.GETSOCKOPT, socket.number(), level, name, number.address(), size.address());
      if (result < 0) {
        throw KernelException.of(Call.GETSOCKOPT, result, level, name);
      }
      return NativeWords.getLong(number, 0);
    }
  }
}
