package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Extended attributes, see {@code xattr(7)}.
 *
 * <p>All go by {@code /proc/self/fd/N}, so that a descriptor opened with {@code O_PATH |
 * O_NOFOLLOW} serves as well, a symbolic link's own included.
 */
public final class ExtendedAttributes {
  private static final int SIZE_MAX = 65536;

  private ExtendedAttributes() {}

  /** Sets an attribute, new or not. */
  public static void set(Fd fd, String name, byte[] value) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = NativeText.allocate(arena, fd.procPath()).address();
      long key = NativeText.allocate(arena, name).address();
      MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, value);
      long result = Syscall.call(Call.SETXATTR, path, key, bytes.address(), value.length, 0);
      if (result < 0) {
        throw KernelException.of(Call.SETXATTR, result, fd, name);
      }
    }
  }

  /** The value; empty where there is no such attribute, or the file system has none at all. */
  public static Optional<byte[]> get(Fd fd, String name) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = NativeText.allocate(arena, fd.procPath()).address();
      long key = NativeText.allocate(arena, name).address();
      MemorySegment value = arena.allocate(SIZE_MAX);
      long result = Syscall.call(Call.GETXATTR, path, key, value.address(), SIZE_MAX);
      if (result == -Errno.ENODATA.number() || result == -Errno.EOPNOTSUPP.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw KernelException.of(Call.GETXATTR, result, fd, name);
      }
      return Optional.of(value.asSlice(0, result).toArray(JAVA_BYTE));
    }
  }

  /** The names of all that the caller may see, in the file system's order. */
  public static List<String> list(Fd fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = NativeText.allocate(arena, fd.procPath()).address();
      MemorySegment names = arena.allocate(SIZE_MAX);
      long result = Syscall.call(Call.LISTXATTR, path, names.address(), SIZE_MAX);
      if (result == -Errno.EOPNOTSUPP.number()) {
        return List.of();
      }
      if (result < 0) {
        throw KernelException.of(Call.LISTXATTR, result, fd);
      }
      return split(names.asSlice(0, result).toArray(JAVA_BYTE));
    }
  }

  private static List<String> split(byte[] names) {
    List<String> list = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == 0) {
        list.add(NativeText.decode(java.util.Arrays.copyOfRange(names, start, i)));
        start = i + 1;
      }
    }
    return List.copyOf(list);
  }
}
