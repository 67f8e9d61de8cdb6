package dev.coffer.kernel.library;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * A shared library that the host may have. It is looked for where the dynamic linker looks, and
 * stays loaded.
 */
record HostLibrary(SymbolLookup symbols) {
  /** Finds the first that is there; the names carry the version of the ABI that is relied on. */
  static Optional<HostLibrary> find(List<String> names) {
    return names.stream().flatMap(name -> open(name).stream()).findFirst();
  }

  private static Optional<HostLibrary> open(String name) {
    try {
      return Optional.of(new HostLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException notInstalled) {
      return Optional.empty();
    }
  }

  /** Binds a function, which may read the heap while the garbage collector waits for it. */
  Optional<MethodHandle> bind(String name, FunctionDescriptor shape) {
    return symbols
        .find(name)
        .map(at -> Linker.nativeLinker().downcallHandle(at, shape, Linker.Option.critical(true)));
  }

  /** What a handle throws that is declared to throw anything, and never does. */
  static AssertionError impossible(Throwable thrown) {
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new AssertionError("a native function has no checked exception", thrown);
  }
}
