package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/** Reading what an inode is: {@code statx(2)} and {@code fstatfs(2)}. */
public final class FileStat {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_MNT_ID = 0x1000;
  private static final int STATFS_SIZE = 120;

  private FileStat() {}

  /** Of an open descriptor, {@code O_PATH} ones included. */
  public static Stat of(Fd fd) throws KernelException {
    return statx(fd, "", AT_EMPTY_PATH);
  }

  /** Of what an absolute path leads to. */
  public static Stat named(String path) throws KernelException {
    return statx(Fd.CWD, path, 0);
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

  /** As {@link #at}, of what need not be there: empty where nothing has the name. */
  public static Optional<Stat> find(Fd directory, String path) throws KernelException {
    return stat(directory, path, AT_SYMLINK_NOFOLLOW, Errno.ENOENT.number());
  }

  private static Stat statx(Fd directory, String path, int flags) throws KernelException {
    return stat(directory, path, flags, 0).orElseThrow();
  }

  /** Empty where it fails with the expected errno. */
  private static Optional<Stat> stat(Fd directory, String path, int flags, int expected)
      throws KernelException {
    CallMemory memory = CallMemory.own();
    long result =
        memory.call(
            Call.STATX,
            directory.number(),
            memory.name(path),
            flags,
            STATX_BASIC_STATS | STATX_MNT_ID,
            memory.answer());
    if (result < 0 && result == -expected) {
      return Optional.empty();
    }
    if (result < 0) {
      throw KernelException.of(Call.STATX, result, directory, path);
    }
    return Optional.of(decode(memory.answerBytes()));
  }

  /** The layout of {@code struct statx} in linux/stat.h. */
  private static Stat decode(ByteBuffer buffer) {
    return new Stat(
        Short.toUnsignedInt(buffer.getShort(28)),
        buffer.getInt(20),
        buffer.getInt(24),
        buffer.getLong(32),
        buffer.getInt(16),
        buffer.getLong(40),
        buffer.getLong(48),
        Device.of(buffer.getInt(136), buffer.getInt(140)),
        Device.of(buffer.getInt(128), buffer.getInt(132)),
        buffer.getLong(144),
        time(buffer, 64),
        time(buffer, 112),
        time(buffer, 96));
  }

  private static Instant time(ByteBuffer buffer, int offset) {
    return Instant.ofEpochSecond(
        buffer.getLong(offset), Integer.toUnsignedLong(buffer.getInt(offset + 8)));
  }
}
