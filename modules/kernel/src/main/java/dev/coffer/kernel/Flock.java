package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Locks on an open file, gone with its last descriptor: {@code flock(2)}, {@code F_OFD_SETLK}. */
public final class Flock {
  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int LOCK_UN = 8;
  private static final int F_OFD_SETLK = 37;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_SIZE = 32;

  private Flock() {}

  /** Waits for the lock that excludes all others. */
  public static void exclusive(Fd fd) throws KernelException {
    lock(fd, LOCK_EX);
  }

  /** False where somebody else holds a lock. */
  public static boolean tryExclusive(Fd fd) throws KernelException {
    return attempt(fd, LOCK_EX | LOCK_NB);
  }

  /** False where somebody else holds the exclusive lock. */
  public static boolean tryShared(Fd fd) throws KernelException {
    return attempt(fd, LOCK_SH | LOCK_NB);
  }

  /** Lets go of it before the descriptor's end. */
  public static void unlock(Fd fd) throws KernelException {
    lock(fd, LOCK_UN);
  }

  /**
   * A write lock on the whole file of the other kind, which {@code flock} neither sees nor joins.
   */
  public static boolean tryOpenFileDescription(Fd fd) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FLOCK_SIZE, 8);
      NativeWords.setShort(lock, 0, F_WRLCK);
      long result = Syscall.call(Call.FCNTL, fd.number(), F_OFD_SETLK, lock.address());
      if (result == -Errno.EAGAIN.number() || result == -Errno.EACCES.number()) {
        return false;
      }
      if (result < 0) {
        throw KernelException.of(Call.FCNTL, result, fd, "F_OFD_SETLK");
      }
      return true;
    }
  }

  private static boolean attempt(Fd fd, int operation) throws KernelException {
    try {
      lock(fd, operation);
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.EAGAIN)) {
        return false;
      }
      throw e;
    }
  }

  private static void lock(Fd fd, int operation) throws KernelException {
    long result = Syscall.call(Call.FLOCK, fd.number(), operation);
    if (result < 0) {
      throw KernelException.of(Call.FLOCK, result, fd);
    }
  }
}
