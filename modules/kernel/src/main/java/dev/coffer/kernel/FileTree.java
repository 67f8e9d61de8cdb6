package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Making, linking, renaming and removing names, each relative to an open directory.
 *
 * <p>In a tree that a stranger wrote, {@code name} must be one component: a longer path follows
 * links in its middle. Modes are subject to the umask.
 */
public final class FileTree {
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_SYMLINK_FOLLOW = 0x400;
  private static final int F_OK = 0;
  private static final int RENAME_NOREPLACE = 1;
  private static final int RENAME_EXCHANGE = 2;
  private static final int PATH_MAX = 4096;
  private static final int SHORT_LINK = 256;

  private FileTree() {}

  /** {@code mkdirat(2)}. */
  public static void makeDirectory(Fd directory, String name, int mode) throws KernelException {
    named(Call.MKDIRAT, directory, name, mode, 0);
  }

  /** As {@link #makeDirectory}; false, and nothing done, where the name exists. */
  public static boolean makeDirectoryIfAbsent(Fd directory, String name, int mode)
      throws KernelException {
    try {
      makeDirectory(directory, name, mode);
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.EEXIST)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a name, or what a link of that name leads to, is known not to be there. */
  public static boolean isAbsent(Fd directory, String name) throws KernelException {
    return lookUp(directory, name) == -Errno.ENOENT.number();
  }

  /** Whether a name, or what a link of that name leads to, is there for us to see. */
  public static boolean isThere(Fd directory, String name) throws KernelException {
    return lookUp(directory, name) == 0;
  }

  private static long lookUp(Fd directory, String name) throws KernelException {
    CallMemory memory = CallMemory.own();
    return memory.call(Call.FACCESSAT, directory.number(), memory.name(name), F_OK, 0, 0);
  }

  /**
   * {@code mknodat(2)}.
   *
   * @param mode type and permission bits
   * @param device for device nodes, made by {@link Device#of}; else 0
   */
  public static void makeNode(Fd directory, String name, int mode, long device)
      throws KernelException {
    named(Call.MKNODAT, directory, name, mode, device);
  }

  /** Removes a name that is not a directory's. */
  public static void remove(Fd directory, String name) throws KernelException {
    named(Call.UNLINKAT, directory, name, 0, 0);
  }

  /** Removes an empty directory. */
  public static void removeDirectory(Fd directory, String name) throws KernelException {
    named(Call.UNLINKAT, directory, name, AT_REMOVEDIR, 0);
  }

  /** {@code symlinkat(2)}: makes {@code name} a link whose text is {@code target}. */
  public static void makeSymbolicLink(String target, Fd directory, String name)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long text = NativeText.allocate(arena, target).address();
      long link = NativeText.allocate(arena, name).address();
      long result = Syscall.call(Call.SYMLINKAT, text, directory.number(), link);
      if (result < 0) {
        throw KernelException.of(Call.SYMLINKAT, result, target, directory, name);
      }
    }
  }

  /** The text of a symbolic link; an empty name means the {@code O_PATH} descriptor itself. */
  public static String readSymbolicLink(Fd directory, String name) throws KernelException {
    // Memory that is asked for is cleared, and most links are short.
    Optional<String> text = readSymbolicLink(directory, name, SHORT_LINK);
    return text.isPresent()
        ? text.get()
        : readSymbolicLink(directory, name, PATH_MAX + 1).orElseThrow();
  }

  /** Empty where that is not known to be all of it. */
  private static Optional<String> readSymbolicLink(Fd directory, String name, int most)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long link = NativeText.allocate(arena, name).address();
      MemorySegment text = arena.allocate(most);
      long result = Syscall.call(Call.READLINKAT, directory.number(), link, text.address(), most);
      if (result < 0) {
        throw KernelException.of(Call.READLINKAT, result, directory, name);
      }
      return result == most
          ? Optional.empty()
          : Optional.of(NativeText.decode(text.asSlice(0, result).toArray(JAVA_BYTE)));
    }
  }

  /** A hard link to a name; a symbolic link at its end is linked itself, not followed. */
  public static void link(Fd fromDirectory, String from, Fd toDirectory, String to)
      throws KernelException {
    pair(Call.LINKAT, fromDirectory, from, toDirectory, to, 0);
  }

  /** A name for an open file that has none ({@code O_TMPFILE}), or one more for one that has. */
  public static void link(Fd file, Fd toDirectory, String to) throws KernelException {
    try {
      pair(Call.LINKAT, file, "", toDirectory, to, AT_EMPTY_PATH);
    } catch (KernelException e) {
      // Older kernels want CAP_DAC_READ_SEARCH for an empty path; the way by /proc needs none.
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
      pair(Call.LINKAT, Fd.CWD, file.procPath(), toDirectory, to, AT_SYMLINK_FOLLOW);
    }
  }

  /** {@code renameat2(2)}: a name that exists is replaced at once. */
  public static void rename(Fd fromDirectory, String from, Fd toDirectory, String to)
      throws KernelException {
    pair(Call.RENAMEAT2, fromDirectory, from, toDirectory, to, 0);
  }

  /** As {@link #rename}, but a name that exists is {@code EEXIST}. */
  public static void renameNew(Fd fromDirectory, String from, Fd toDirectory, String to)
      throws KernelException {
    pair(Call.RENAMEAT2, fromDirectory, from, toDirectory, to, RENAME_NOREPLACE);
  }

  /** Swaps two names at once. */
  public static void exchange(Fd fromDirectory, String from, Fd toDirectory, String to)
      throws KernelException {
    pair(Call.RENAMEAT2, fromDirectory, from, toDirectory, to, RENAME_EXCHANGE);
  }

  private static void named(Call call, Fd directory, String name, long third, long fourth)
      throws KernelException {
    CallMemory memory = CallMemory.own();
    long result = memory.call(call, directory.number(), memory.name(name), third, fourth, 0);
    if (result < 0) {
      throw KernelException.of(call, result, directory, name);
    }
  }

  private static void pair(
      Call call, Fd fromDirectory, String from, Fd toDirectory, String to, int flags)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long source = NativeText.allocate(arena, from).address();
      long target = NativeText.allocate(arena, to).address();
      long result =
          Syscall.call(call, fromDirectory.number(), source, toDirectory.number(), target, flags);
      if (result < 0) {
        throw KernelException.of(call, result, fromDirectory, from, toDirectory, to);
      }
    }
  }
}
