package dev.coffer.kernel;

import java.lang.foreign.Arena;

/** Files of memory, see {@code memfd_create(2)}. */
public final class Memfd {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int MFD_EXEC = 16;
  private static final int F_ADD_SEALS = 1033;

  /** {@code F_SEAL_SEAL | SHRINK | GROW | WRITE}: nothing about it can change. */
  private static final int SEALS = 0xf;

  private static final int EXECUTABLE = 0x1ed;

  private Memfd() {}

  /**
   * A sealed file with these contents.
   *
   * @param name for /proc/…/fd and messages
   */
  public static Fd sealed(String name, byte[] contents) throws KernelException {
    return sealed(name, contents, MFD_NOEXEC_SEAL);
  }

  /**
   * A sealed file that can be executed. Where the host's {@code vm.memfd_noexec} forbids it this is
   * {@code EACCES}, and the caller needs another way.
   */
  public static Fd sealedExecutable(String name, byte[] contents) throws KernelException {
    return sealed(name, contents, MFD_EXEC);
  }

  /** An empty file, for others to write to. */
  public static Fd open(String name) throws KernelException {
    return create(name, MFD_NOEXEC_SEAL);
  }

  private static Fd sealed(String name, byte[] contents, int kind) throws KernelException {
    Fd fd = create(name, kind);
    try {
      if (kind == MFD_EXEC) {
        FileAttributes.changeMode(fd, EXECUTABLE);
      }
      FileData.writeAll(fd, contents);
      long result = Syscall.call(Call.FCNTL, fd.number(), F_ADD_SEALS, SEALS);
      if (result < 0) {
        throw KernelException.of(Call.FCNTL, result, fd, "F_ADD_SEALS");
      }
      return fd;
    } catch (KernelException e) {
      fd.close();
      throw e;
    }
  }

  /** Kernels before 6.3 know neither kind and refuse the bit; without it a file is executable. */
  private static Fd create(String name, int kind) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      long title = NativeText.allocate(arena, name).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long result = Syscall.call(Call.MEMFD_CREATE, title, flags | kind);
      if (result == -Errno.EINVAL.number()) {
        result = Syscall.call(Call.MEMFD_CREATE, title, flags);
      }
      if (result < 0) {
        throw KernelException.of(Call.MEMFD_CREATE, result, name);
      }
      return Fd.of((int) result);
    }
  }
}
