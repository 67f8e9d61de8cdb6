package dev.coffer.runtime.file;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A held lock on a file or directory ({@code flock}): it ends with {@link #close}, and with the
 * process however that ends. A file itself stays: removing it would let two processes lock two
 * files of one name.
 */
public final class FileLock implements AutoCloseable {
  private static final int MODE = 0x180;

  private final Fd file;

  private FileLock(Fd file) {
    this.file = file;
  }

  /** Takes the lock unless somebody else holds it; makes the file where there is none. */
  public static Optional<FileLock> tryExclusive(Path path) throws IOException {
    return tryExclusive(open(path));
  }

  /**
   * Takes the lock on what is open, unless somebody else holds it.
   *
   * @param file this lock's from now on; closed where it cannot be had
   */
  public static Optional<FileLock> tryExclusive(Fd file) throws IOException {
    try {
      if (Flock.tryExclusive(file)) {
        return Optional.of(new FileLock(file));
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
  }

  /**
   * Takes the lock on what is open, and waits for it as long as it takes.
   *
   * @param file this lock's from now on, also where it cannot be had
   */
  public static FileLock exclusive(Fd file) throws IOException {
    try {
      Flock.exclusive(file);
      return new FileLock(file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Whether somebody holds the lock at this moment; false also where there is no such file. */
  public static boolean isHeld(Fd directory, String name) throws IOException {
    try (Fd file = FileOpen.at(directory, name, OpenFlags.RDONLY | OpenFlags.NOFOLLOW, 0)) {
      return !Flock.tryShared(file);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether the locked file is still what the path names: it may have been removed meanwhile. */
  public boolean isOf(Path path) throws IOException {
    try {
      return FileStat.named(path.toAbsolutePath().toString()).isSameFile(FileStat.of(file));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static Fd open(Path path) throws IOException {
    int flags = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.NOFOLLOW;
    return FileOpen.at(Fd.CWD, path.toAbsolutePath().toString(), flags, MODE);
  }

  @Override
  public void close() {
    file.close();
  }
}
