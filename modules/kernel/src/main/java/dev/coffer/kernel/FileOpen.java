package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Opening files: {@code openat(2)} and {@code openat2(2)}, always close-on-exec. */
public final class FileOpen {
  private static final int OPEN_HOW_SIZE = 24;

  /** How often a lookup that a concurrent rename made unsafe is repeated, see openat2(2). */
  private static final int EAGAIN_RETRIES = 128;

  private FileOpen() {}

  /** Opens an absolute path that the caller trusts. */
  public static Fd path(String path, int flags) throws KernelException {
    return at(Fd.CWD, path, flags, 0);
  }

  /**
   * Opens a path relative to a directory with the ordinary rules of lookup: links are followed out
   * of the directory, so the tree must be trusted or the path be one name with {@code NOFOLLOW}.
   *
   * @param mode permission bits of a file that {@code CREAT} makes, subject to the umask
   */
  public static Fd at(Fd directory, String path, int flags, int mode) throws KernelException {
    return opened(openat(directory, path, flags, mode), directory, path);
  }

  /** The descriptor's number, or the negated errno. */
  static long openat(Fd directory, String path, int flags, int mode) throws KernelException {
    CallMemory memory = CallMemory.own();
    return memory.call(
        Call.OPENAT, directory.number(), memory.name(path), flags | OpenFlags.CLOEXEC, mode, 0);
  }

  static Fd opened(long result, Fd directory, String path) throws KernelException {
    if (result < 0) {
      throw KernelException.of(Call.OPENAT, result, directory, path);
    }
    return Fd.of((int) result);
  }

  /**
   * Opens a path in a tree that a stranger may have written and may be changing.
   *
   * @param resolve bits of {@link Resolve}
   */
  public static Fd in(Fd directory, String path, int flags, int mode, int resolve)
      throws KernelException {
    long result = openIn(directory, path, flags, mode, resolve);
    if (result < 0) {
      throw KernelException.of(Call.OPENAT2, result, directory, path);
    }
    return Fd.of((int) result);
  }

  /**
   * As {@link #in}, of what may be missing: empty where there is no such name, or a link circles.
   */
  public static Optional<Fd> inIfThere(Fd directory, String path, int flags, int resolve)
      throws KernelException {
    long result = openIn(directory, path, flags, 0, resolve);
    if (isMissing(result)) {
      return Optional.empty();
    }
    if (result < 0) {
      throw KernelException.of(Call.OPENAT2, result, directory, path);
    }
    return Optional.of(Fd.of((int) result));
  }

  private static boolean isMissing(long result) {
    return result == -Errno.ENOENT.number()
        || result == -Errno.ENOTDIR.number()
        || result == -Errno.ELOOP.number();
  }

  private static long openIn(Fd directory, String path, int flags, int mode, int resolve)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = NativeText.allocate(arena, path);
      MemorySegment how = arena.allocate(OPEN_HOW_SIZE, 8);
      NativeWords.setLong(how, 0, flags | OpenFlags.CLOEXEC);
      NativeWords.setLong(how, 8, mode);
      NativeWords.setLong(how, 16, resolve);
      long result = -Errno.EAGAIN.number();
      for (int i = 0; i < EAGAIN_RETRIES && result == -Errno.EAGAIN.number(); i++) {
        result =
            Syscall.call(
                Call.OPENAT2, directory.number(), name.address(), how.address(), OPEN_HOW_SIZE);
      }
      return result;
    }
  }

  /** Opens what an {@code O_PATH} descriptor stands for, without looking its path up again. */
  public static Fd reopen(Fd fd, int flags) throws KernelException {
    return at(Fd.CWD, fd.procPath(), flags, 0);
  }
}
