package dev.coffer.image.tree;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.util.OptionalLong;

/**
 * Copies the content of files within the kernel, holes as holes: a file may claim to be larger than
 * any disk. For one thread.
 */
final class FileCopy {
  private static final long CHUNK = 1L << 30;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private boolean ranges = true;

  /**
   * Copies.
   *
   * @param from a regular file, opened with {@code O_PATH}
   * @param to open for writing, empty
   */
  void copy(Fd from, Fd to, long size) throws KernelException {
    if (size == 0) {
      return;
    }
    try (Fd source = FileOpen.reopen(from, OpenFlags.RDONLY | OpenFlags.NONBLOCK)) {
      long at = 0;
      while (at < size) {
        OptionalLong next = nextData(source, at);
        if (next.isEmpty()) {
          break;
        }
        long start = next.getAsLong();
        at = Math.min(FileData.seek(source, start, SEEK_HOLE), size);
        FileData.seek(source, start, SEEK_SET);
        FileData.seek(to, start, SEEK_SET);
        extent(source, to, at - start);
      }
      FileData.truncate(to, size);
    }
  }

  /** What somebody cuts off meanwhile is missing in the copy, too. */
  private void extent(Fd source, Fd to, long length) throws KernelException {
    for (long left = length; left > 0; ) {
      long count = some(source, to, Math.min(left, CHUNK));
      if (count == 0) {
        return;
      }
      left -= count;
    }
  }

  /**
   * A range is shared by the two files where the file system can (copy_file_range(2)); between file
   * systems, and on odd ones, it must be written.
   */
  private long some(Fd source, Fd to, long length) throws KernelException {
    if (ranges) {
      try {
        return FileData.copyRange(source, to, length);
      } catch (KernelException e) {
        if (!e.is(Errno.EXDEV)
            && !e.is(Errno.EINVAL)
            && !e.is(Errno.EOPNOTSUPP)
            && !e.is(Errno.ENOSYS)) {
          throw e;
        }
        ranges = false;
      }
    }
    return FileData.send(source, to, length);
  }

  private static OptionalLong nextData(Fd source, long from) throws KernelException {
    try {
      return OptionalLong.of(FileData.seek(source, from, SEEK_DATA));
    } catch (KernelException e) {
      if (e.is(Errno.ENXIO)) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }
}
