package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files that the kernel makes up: of /proc, /sys and control groups. They have no size, want to be
 * read to their end, and take a write as one whole.
 */
public final class ProcFile {
  /** The kernel gives no more than a page at a time, and memory that is asked for is cleared. */
  private static final int CHUNK = 4096;

  private ProcFile() {}

  /** The whole text. */
  public static String read(String path) throws KernelException {
    try (Fd fd = FileOpen.path(path, OpenFlags.RDONLY)) {
      return read(fd);
    }
  }

  /**
   * The text of a file that is one record: the kernel gives all of it at once where there is room,
   * so that nobody need ask whether there is more.
   *
   * @return empty where there is no such file, or what it tells of is gone by now: {@code ESRCH} of
   *     a process, {@code ENODEV} of a cgroup
   */
  public static Optional<String> readRecord(Fd directory, String name) throws KernelException {
    long opened = FileOpen.openat(directory, name, OpenFlags.RDONLY, 0);
    if (isGone(opened)) {
      return Optional.empty();
    }
    try (Fd fd = FileOpen.opened(opened, directory, name)) {
      CallMemory memory = CallMemory.own();
      long count = memory.call(Call.READ, fd.number(), memory.answer(), CallMemory.ANSWER, 0, 0);
      if (isGone(count)) {
        return Optional.empty();
      }
      if (count < 0) {
        throw KernelException.of(Call.READ, count, fd, name);
      }
      byte[] begin = new byte[(int) count];
      memory.answerBytes().get(0, begin);
      return Optional.of(NativeText.decode(count < CallMemory.ANSWER ? begin : rest(fd, begin)));
    }
  }

  /**
   * The same of a file that has to be there: {@code ENOENT} where it, or what it tells of, is not.
   */
  public static String readRecord(String path) throws KernelException {
    Optional<String> record = readRecord(Fd.CWD, path);
    if (record.isEmpty()) {
      throw KernelException.of(Call.OPENAT, -Errno.ENOENT.number(), Fd.CWD, path);
    }
    return record.get();
  }

  private static boolean isGone(long result) {
    return result == -Errno.ENOENT.number()
        || result == -Errno.ESRCH.number()
        || result == -Errno.ENODEV.number();
  }

  /** The whole text of a name in a directory. */
  public static String read(Fd directory, String name) throws KernelException {
    try (Fd fd = FileOpen.at(directory, name, OpenFlags.RDONLY, 0)) {
      return read(fd);
    }
  }

  /** Writes a value by one call: the kernel takes it as a whole or refuses it. */
  public static void write(String path, String value) throws KernelException {
    try (Fd fd = FileOpen.path(path, OpenFlags.WRONLY)) {
      FileData.writeAll(fd, NativeText.encode(value));
    } catch (KernelException e) {
      throw new KernelException(e.call(), e.number(), path, value);
    }
  }

  /** The rest of an open file. */
  public static String read(Fd fd) throws KernelException {
    return NativeText.decode(rest(fd, new byte[0]));
  }

  private static byte[] rest(Fd fd, byte[] begin) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment chunk = arena.allocate(CHUNK);
      byte[] whole = begin;
      for (long count = FileData.read(fd, chunk); count > 0; count = FileData.read(fd, chunk)) {
        int before = whole.length;
        whole = Arrays.copyOf(whole, before + (int) count);
        MemorySegment.copy(chunk, JAVA_BYTE, 0, whole, before, (int) count);
      }
      return whole;
    }
  }
}
