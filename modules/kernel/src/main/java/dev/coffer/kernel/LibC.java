package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A function of libc.
 *
 * <p>All are bound with one shape, that of {@code syscall(2)}: seven words in and one out, errno
 * captured. The C calling conventions of both machines put words where a function that takes fewer
 * does not look, and the linker makes its code once for each shape, which is most of what binding
 * costs at start-up.
 */
record LibC(String name, MethodHandle handle) {
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  static LibC bind(String name) {
    Linker linker = Linker.nativeLinker();
    return new LibC(
        name,
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name),
            SHAPE,
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1)));
  }

  /**
   * Calls it; {@code state} gets errno. The upper half of an int function's result is undefined.
   */
  long call(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
    try {
      return (long) handle.invokeExact(state, a, b, c, d, e, f, g);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError("a native function has no checked exception", impossible);
    }
  }

  /** Calls a function of the posix_spawn family, whose result is an errno or 0. */
  void call(long a, long b, long c, long d, long e, long f) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) call(arena.allocate(JAVA_INT), a, b, c, d, e, f, 0);
      if (result != 0) {
        throw new KernelException(name, result);
      }
    }
  }

  void call(long a, long b, long c) throws KernelException {
    call(a, b, c, 0, 0, 0);
  }
}
