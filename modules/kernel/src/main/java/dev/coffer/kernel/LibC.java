package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of libc that are more than a system call.
 *
 * <p>All are bound with one shape, six words in and an int out: the C calling conventions of both
 * machines pass these in registers, where a function ignores what it does not take, and binding a
 * second function of a shape costs a tenth of binding the first.
 */
final class LibC {
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final String name;
  private final MethodHandle handle;

  private LibC(String name, MethodHandle handle) {
    this.name = name;
    this.handle = handle;
  }

  static LibC bind(String name) {
    Linker linker = Linker.nativeLinker();
    return new LibC(
        name, linker.downcallHandle(linker.defaultLookup().findOrThrow(name), SHAPE));
  }

  /** Calls a function of the posix_spawn family, whose result is an errno or 0. */
  void call(long a, long b, long c, long d, long e, long f) throws KernelException {
    int result;
    try {
      result = (int) handle.invokeExact(a, b, c, d, e, f);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError("a native function has no checked exception", impossible);
    }
    if (result != 0) {
      throw new KernelException(name, result);
    }
  }

  void call(long a, long b, long c) throws KernelException {
    call(a, b, c, 0, 0, 0);
  }
}
