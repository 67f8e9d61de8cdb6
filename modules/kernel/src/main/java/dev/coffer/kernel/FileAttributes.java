package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/** Changing owner, permissions and times. */
public final class FileAttributes {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;
  private static final int FS_TOPDIR_FL = 0x20000;
  private static final long UTIME_OMIT = 0x3ffffffe;

  private FileAttributes() {}

  /** Owner of an open descriptor, {@code O_PATH} ones included; -1 leaves an id as it is. */
  public static void changeOwner(Fd fd, int uid, int gid) throws KernelException {
    changeOwner(fd, "", uid, gid, AT_EMPTY_PATH);
  }

  /** Owner of a name; a link is changed itself. It clears set-user-id bits: before the mode. */
  public static void changeOwner(Fd directory, String name, int uid, int gid)
      throws KernelException {
    changeOwner(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW);
  }

  private static void changeOwner(Fd directory, String name, int uid, int gid, int flags)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = NativeText.allocate(arena, name).address();
      long result = Syscall.call(Call.FCHOWNAT, directory.number(), path, uid, gid, flags);
      if (result < 0) {
        throw KernelException.of(Call.FCHOWNAT, result, directory, name, uid, gid);
      }
    }
  }

  /** Permission bits of a descriptor that is open for reading or writing. */
  public static void changeMode(Fd fd, int mode) throws KernelException {
    long result = Syscall.call(Call.FCHMOD, fd.number(), mode);
    if (result < 0) {
      throw KernelException.of(Call.FCHMOD, result, fd, new Octal(mode));
    }
  }

  /**
   * Permission bits of a name. A link at its end <em>is followed</em> ({@code fchmodat} has no flag
   * against it before Linux 6.6): the caller knows that the name is none.
   */
  public static void changeMode(Fd directory, String name, int mode) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = NativeText.allocate(arena, name).address();
      long result = Syscall.call(Call.FCHMODAT, directory.number(), path, mode);
      if (result < 0) {
        throw KernelException.of(Call.FCHMODAT, result, directory, name, new Octal(mode));
      }
    }
  }

  /** Permission bits of what an {@code O_PATH} descriptor stands for (not a symbolic link). */
  public static void changeModeOfPath(Fd fd, int mode) throws KernelException {
    changeMode(Fd.CWD, fd.procPath(), mode);
  }

  /**
   * Tells the file system that what is below each name of a directory has nothing to do with the
   * others, so that ext4 puts them into parts of the disk of their own ({@code T} of chattr(1)).
   *
   * @param directory open for reading
   * @return false where the file system takes no such hint, or not from this caller
   */
  public static boolean spreadSubdirectories(Fd directory) {
    try (Arena arena = Arena.ofConfined()) {
      // An int, whatever the number of the call says.
      MemorySegment flags = arena.allocate(JAVA_LONG);
      long address = flags.address();
      if (Syscall.call(Call.IOCTL, directory.number(), FS_IOC_GETFLAGS, address) < 0) {
        return false;
      }
      NativeWords.setInt(flags, 0, NativeWords.getInt(flags, 0) | FS_TOPDIR_FL);
      return Syscall.call(Call.IOCTL, directory.number(), FS_IOC_SETFLAGS, address) >= 0;
    }
  }

  /** Times of an open descriptor; null leaves one as it is. */
  public static void changeTimes(Fd fd, Instant accessed, Instant modified) throws KernelException {
    changeTimes(fd, null, accessed, modified);
  }

  /** Times of a name (null: of the descriptor itself); a link is changed itself. */
  public static void changeTimes(Fd directory, String name, Instant accessed, Instant modified)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long path = name == null ? 0 : NativeText.allocate(arena, name).address();
      MemorySegment times = arena.allocate(32, 8);
      put(times, 0, accessed);
      put(times, 16, modified);
      int flags = name == null ? 0 : AT_SYMLINK_NOFOLLOW;
      long result = Syscall.call(Call.UTIMENSAT, directory.number(), path, times.address(), flags);
      if (result < 0) {
        throw KernelException.of(Call.UTIMENSAT, result, directory, name, modified);
      }
    }
  }

  private static void put(MemorySegment times, long offset, Instant time) {
    NativeWords.setLong(times, offset, time == null ? 0 : time.getEpochSecond());
    NativeWords.setLong(times, offset + 8, time == null ? UTIME_OMIT : time.getNano());
  }
}
