package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Reading, writing and syncing. Memory segments must be native ones. */
public final class FileData {
  /** {@code fallocate(2)}: give space without changing the size. */
  public static final int KEEP_SIZE = 1;

  /** {@code fallocate(2)}: make a hole; with {@link #KEEP_SIZE}. */
  public static final int PUNCH_HOLE = 2;

  private static final int MAXIMUM_CHUNK = 1 << 16;

  private FileData() {}

  /** Reads up to the segment's size; 0 is the end of the file. */
  public static long read(Fd fd, MemorySegment into) throws KernelException {
    return check(
        Call.READ, fd, Syscall.call(Call.READ, fd.number(), into.address(), into.byteSize()));
  }

  /** Reads up to {@code length} bytes (at most 64 KiB at a time); 0 is the end of the file. */
  public static int read(Fd fd, byte[] into, int offset, int length) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, Math.min(length, MAXIMUM_CHUNK)));
      int count = (int) read(fd, buffer.asSlice(0, Math.min(length, MAXIMUM_CHUNK)));
      MemorySegment.copy(buffer, JAVA_BYTE, 0, into, offset, count);
      return count;
    }
  }

  /**
   * As {@link #read(Fd, MemorySegment)} at a position, which the descriptor's own does not join.
   */
  public static long readAt(Fd fd, MemorySegment into, long position) throws KernelException {
    return check(
        Call.PREAD64,
        fd,
        Syscall.call(Call.PREAD64, fd.number(), into.address(), into.byteSize(), position));
  }

  /** Writes some; the count may be less than the segment's size. */
  public static long write(Fd fd, MemorySegment from) throws KernelException {
    return check(
        Call.WRITE, fd, Syscall.call(Call.WRITE, fd.number(), from.address(), from.byteSize()));
  }

  /** As {@link #write} at a position. */
  public static long writeAt(Fd fd, MemorySegment from, long position) throws KernelException {
    return check(
        Call.PWRITE64,
        fd,
        Syscall.call(Call.PWRITE64, fd.number(), from.address(), from.byteSize(), position));
  }

  /** Writes the whole segment. */
  public static void writeAll(Fd fd, MemorySegment from) throws KernelException {
    for (long done = 0; done < from.byteSize(); ) {
      done += write(fd, from.asSlice(done));
    }
  }

  /** Writes the whole array in as few calls as the file takes. */
  public static void writeAll(Fd fd, byte[] from) throws KernelException {
    writeAll(fd, from, 0, from.length);
  }

  /** The same to a file whose name tells a reader more than the descriptor's number. */
  public static void writeAll(Fd fd, byte[] from, String name) throws KernelException {
    try {
      writeAll(fd, from);
    } catch (KernelException e) {
      throw new KernelException(e.call(), e.number(), name);
    }
  }

  /** Writes {@code length} bytes of the array. */
  public static void writeAll(Fd fd, byte[] from, int offset, int length) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      // This does not clear the memory first, as allocate does.
      writeAll(
          fd,
          arena.allocateFrom(JAVA_BYTE, MemorySegment.ofArray(from), JAVA_BYTE, offset, length));
    }
  }

  /**
   * Copies between files inside the kernel, from each one's own position.
   *
   * @return how many bytes; 0 is the end of {@code from}
   */
  public static long copyRange(Fd from, Fd to, long length) throws KernelException {
    return check(
        Call.COPY_FILE_RANGE,
        from,
        Syscall.call(Call.COPY_FILE_RANGE, from.number(), 0, to.number(), 0, length, 0));
  }

  /** {@code sendfile(2)} from the file's own position to a socket, pipe or file. */
  public static long send(Fd from, Fd to, long length) throws KernelException {
    return check(
        Call.SENDFILE, from, Syscall.call(Call.SENDFILE, to.number(), from.number(), 0, length));
  }

  /**
   * Moves the position; {@code whence} is {@code SEEK_SET} 0, {@code _CUR} 1, {@code _END} 2,
   * {@code _DATA} 3 or {@code _HOLE} 4.
   */
  public static long seek(Fd fd, long offset, int whence) throws KernelException {
    return check(Call.LSEEK, fd, Syscall.call(Call.LSEEK, fd.number(), offset, whence));
  }

  /** {@code ftruncate(2)}. */
  public static void truncate(Fd fd, long size) throws KernelException {
    check(Call.FTRUNCATE, fd, Syscall.call(Call.FTRUNCATE, fd.number(), size));
  }

  /** {@code fallocate(2)}. */
  public static void allocate(Fd fd, int mode, long offset, long length) throws KernelException {
    check(Call.FALLOCATE, fd, Syscall.call(Call.FALLOCATE, fd.number(), mode, offset, length));
  }

  /** {@code fsync(2)}: data and inode are on the disk. */
  public static void sync(Fd fd) throws KernelException {
    check(Call.FSYNC, fd, Syscall.call(Call.FSYNC, fd.number()));
  }

  /** {@code fdatasync(2)}. */
  public static void syncData(Fd fd) throws KernelException {
    check(Call.FDATASYNC, fd, Syscall.call(Call.FDATASYNC, fd.number()));
  }

  /** {@code syncfs(2)}: all of the descriptor's file system. */
  public static void syncFileSystem(Fd fd) throws KernelException {
    check(Call.SYNCFS, fd, Syscall.call(Call.SYNCFS, fd.number()));
  }

  /** {@code posix_fadvise(2)} with {@code POSIX_FADV_DONTNEED}: drop it from the page cache. */
  public static void dropCache(Fd fd, long offset, long length) throws KernelException {
    check(Call.FADVISE64, fd, Syscall.call(Call.FADVISE64, fd.number(), offset, length, 4));
  }

  private static long check(Call call, Fd fd, long result) throws KernelException {
    if (result < 0) {
      throw KernelException.of(call, result, fd);
    }
    return result;
  }
}
