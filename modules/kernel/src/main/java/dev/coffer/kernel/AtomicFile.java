package dev.coffer.kernel;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Replaces a file at once: whoever reads sees all of the old contents or all of the new.
 *
 * <p>The temporary name is {@code <name>.tmp}: a file has one writer, and what a crash leaves, or
 * somebody puts in the way, is removed by the next write and never written to.
 */
public final class AtomicFile {
  private static final int PRIVATE = 0600;
  private static final int NEW =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;

  private AtomicFile() {}

  /**
   * Writes a file of mode 0600.
   *
   * @param sync whether contents and name must outlive a power cut once the call returned; without,
   *     the file may then be the old one, the new one, or empty
   * @throws IOException where it could not be written; the file is then as before
   */
  public static void write(Path file, byte[] contents, boolean sync) throws IOException {
    write(file, contents, PRIVATE, sync);
  }

  /**
   * The same for a file that others may read.
   *
   * @param mode permission bits, of which the umask takes some away
   */
  public static void write(Path file, byte[] contents, int mode, boolean sync) throws IOException {
    String directoryName = file.toAbsolutePath().getParent().toString();
    try (Fd directory = FileOpen.path(directoryName, OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      write(directory, file.getFileName().toString(), contents, mode, sync);
    }
  }

  /** Writes a file in an open directory. */
  public static void write(Fd directory, String name, byte[] contents, boolean sync)
      throws IOException {
    write(directory, name, contents, PRIVATE, sync);
  }

  private static void write(Fd directory, String name, byte[] contents, int mode, boolean sync)
      throws IOException {
    String temporary = name + ".tmp";
    try (Fd file = create(directory, temporary, mode)) {
      FileData.writeAll(file, contents, name);
      if (sync) {
        FileData.syncData(file);
      }
      FileTree.rename(directory, temporary, directory, name);
    } catch (KernelException e) {
      discard(directory, temporary, e);
      throw e;
    }
    if (sync) {
      FileData.sync(directory);
    }
  }

  private static Fd create(Fd directory, String temporary, int mode) throws KernelException {
    try {
      return FileOpen.at(directory, temporary, NEW, mode);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      FileTree.remove(directory, temporary);
      return FileOpen.at(directory, temporary, NEW, mode);
    }
  }

  private static void discard(Fd directory, String temporary, KernelException cause) {
    try {
      FileTree.remove(directory, temporary);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        cause.addSuppressed(e);
      }
    }
  }
}
