package dev.coffer.kernel;

import java.lang.foreign.Arena;

/**
 * Changing what the calling thread alone sees. Only for a dedicated platform thread that ends
 * afterwards: there is no way back.
 */
public final class Namespaces {
  /** {@code setns(2)}: a network namespace. */
  public static final int NETWORK = 0x40000000;

  private static final int MOUNT = 0x20000;

  /** {@code unshare(2)}: root and working directory. */
  static final int FILE_SYSTEM = 0x200;

  private Namespaces() {}

  /** {@code unshare(2)} for the calling thread. */
  public static void unshareThread(int flags) throws KernelException {
    long result = Syscall.call(Call.UNSHARE, flags);
    if (result < 0) {
      throw KernelException.of(Call.UNSHARE, result, "0x" + Integer.toHexString(flags));
    }
  }

  /** {@code setns(2)} for the calling thread. */
  public static void enter(Fd namespace, int type) throws KernelException {
    long result = Syscall.call(Call.SETNS, namespace.number(), type);
    if (result < 0) {
      throw KernelException.of(Call.SETNS, result, namespace);
    }
  }

  /** Lets the calling thread, and threads that it starts, see a mount namespace from its root. */
  public static void enterMounts(Fd mounts) throws KernelException {
    unshareThread(FILE_SYSTEM);
    enter(mounts, MOUNT);
  }

  /**
   * Lets the calling thread, and threads that it starts, see files as another process does.
   *
   * @param mounts its mount namespace
   * @param root its root directory
   */
  public static void enterFiles(Fd mounts, Fd root) throws KernelException {
    enterMounts(mounts);
    changeThreadDirectory(root);
    try (Arena arena = Arena.ofConfined()) {
      long result = Syscall.call(Call.CHROOT, NativeText.allocate(arena, ".").address());
      if (result < 0) {
        throw KernelException.of(Call.CHROOT, result, root);
      }
    }
  }

  /** {@code fchdir(2)} for a thread that unshared {@code CLONE_FS}; otherwise for the process. */
  static void changeThreadDirectory(Fd directory) throws KernelException {
    long result = Syscall.call(Call.FCHDIR, directory.number());
    if (result < 0) {
      throw KernelException.of(Call.FCHDIR, result, directory);
    }
  }
}
