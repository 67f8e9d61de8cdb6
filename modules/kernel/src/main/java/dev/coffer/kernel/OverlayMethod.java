package dev.coffer.kernel;

/** How a kernel wants to be told an overlay's layers. */
public enum OverlayMethod {
  /** Each by its descriptor (Linux 6.13). */
  DESCRIPTORS,
  /** Each by a name of its own, {@code lowerdir+} (Linux 6.7). */
  NAMES,
  /** All lowers in one option of 255 bytes: at most 127 layers. */
  ONE_OPTION;

  /** Tries which one this kernel has. */
  public static OverlayMethod probe() throws KernelException {
    try (Fd root = FileOpen.path("/", OpenFlags.PATH);
        FileSystemContext context = FileSystemContext.open("overlay")) {
      if (takes(() -> context.set("lowerdir+", root))) {
        return DESCRIPTORS;
      }
      return takes(() -> context.set("lowerdir+", root.procPath())) ? NAMES : ONE_OPTION;
    }
  }

  private interface Attempt {
    FileSystemContext run() throws KernelException;
  }

  private static boolean takes(Attempt attempt) throws KernelException {
    try {
      return attempt.run() != null;
    } catch (KernelException e) {
      if (e.is(Errno.EINVAL)) {
        return false;
      }
      throw e;
    }
  }
}
