package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/** Reading what an inode is: {@code statx(2)} and {@code fstatfs(2)}. */
public final class FileStat {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_MNT_ID = 0x1000;
  private static final int STATX_SIZE = 256;
  private static final int STATFS_SIZE = 120;

  private FileStat() {}

  /** Of an open descriptor, {@code O_PATH} ones included. */
  public static Stat of(Fd fd) throws KernelException {
    return statx(fd, "", AT_EMPTY_PATH);
  }

  /** Of a name in a directory; a link at its end is not followed. */
  public static Stat at(Fd directory, String path) throws KernelException {
    return statx(directory, path, AT_SYMLINK_NOFOLLOW);
  }

  /** The file system's magic number, see {@code statfs(2)}. */
  public static long fileSystemMagic(Fd fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(STATFS_SIZE, 8);
      long result = Syscall.call(Call.FSTATFS, fd.number(), buffer.address());
      if (result < 0) {
        throw KernelException.of(Call.FSTATFS, result, fd);
      }
      return NativeWords.getLong(buffer, 0);
    }
  }

  private static Stat statx(Fd directory, String path, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = NativeText.allocate(arena, path);
      MemorySegment buffer = arena.allocate(STATX_SIZE, 8);
      long result =
          Syscall.call(
              Call.STATX,
              directory.number(),
              name.address(),
              flags,
              STATX_BASIC_STATS | STATX_MNT_ID,
              buffer.address());
      if (result < 0) {
        throw KernelException.of(Call.STATX, result, directory, path);
      }
      return decode(buffer);
    }
  }

  /** The layout of {@code struct statx} in linux/stat.h. */
  private static Stat decode(MemorySegment buffer) {
    return new Stat(
        Short.toUnsignedInt(NativeWords.getShort(buffer, 28)),
        NativeWords.getInt(buffer, 20),
        NativeWords.getInt(buffer, 24),
        NativeWords.getLong(buffer, 32),
        NativeWords.getInt(buffer, 16),
        NativeWords.getLong(buffer, 40),
        NativeWords.getLong(buffer, 48),
        Device.of(NativeWords.getInt(buffer, 136), NativeWords.getInt(buffer, 140)),
        Device.of(NativeWords.getInt(buffer, 128), NativeWords.getInt(buffer, 132)),
        NativeWords.getLong(buffer, 144),
        time(buffer, 64),
        time(buffer, 112),
        time(buffer, 96));
  }

  private static Instant time(MemorySegment buffer, long offset) {
    return Instant.ofEpochSecond(
        NativeWords.getLong(buffer, offset),
        Integer.toUnsignedLong(NativeWords.getInt(buffer, offset + 8)));
  }
}
