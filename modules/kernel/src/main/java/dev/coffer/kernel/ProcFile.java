package dev.coffer.kernel;

import java.io.ByteArrayOutputStream;

/**
 * Files that the kernel makes up: of /proc, /sys and control groups. They have no size, want to be
 * read to their end, and take a write as one whole.
 */
public final class ProcFile {
  private static final int CHUNK = 16384;

  private ProcFile() {}

  /** The whole text. */
  public static String read(String path) throws KernelException {
    try (Fd fd = FileOpen.path(path, OpenFlags.RDONLY)) {
      return read(fd);
    }
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
    byte[] chunk = new byte[CHUNK];
    int count = FileData.read(fd, chunk, 0, CHUNK);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(count);
    while (count > 0) {
      whole.write(chunk, 0, count);
      count = FileData.read(fd, chunk, 0, CHUNK);
    }
    return NativeText.decode(whole.toByteArray());
  }
}
