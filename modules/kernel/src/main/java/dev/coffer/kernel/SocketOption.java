package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Options of sockets that are whole numbers, see {@code setsockopt(2)}. */
final class SocketOption {
  private SocketOption() {}

  static void set(Fd socket, int level, int name, int value) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      number.set(JAVA_INT, 0, value);
      long result =
          Syscall.call(
              Call.SETSOCKOPT, socket.number(), level, name, number.address(), JAVA_INT.byteSize());
      if (result < 0) {
        throw KernelException.of(Call.SETSOCKOPT, result, level, name, value);
      }
    }
  }
}
