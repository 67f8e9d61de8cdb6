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
      return of(
          () -> context.set("lowerdir+", root), () -> context.set("lowerdir+", root.procPath()));
    }
  }

  /** The method by what the kernel answers to one lower layer, given in either way. */
  static OverlayMethod of(Attempt byDescriptor, Attempt byName) throws KernelException {
    try {
      byDescriptor.run();
      return DESCRIPTORS;
    } catch (KernelException e) {
      // Before Linux 6.5 overlayfs leaves options to a layer that knows no descriptors and takes
      // every name; only the mount would show that it means nothing.
      if (e.is(Errno.EOPNOTSUPP)) {
        return ONE_OPTION;
      }
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
    }
    try {
      byName.run();
      return NAMES;
    } catch (KernelException e) {
      if (e.is(Errno.EINVAL)) {
        return ONE_OPTION;
      }
      throw e;
    }
  }

  /** Gives the kernel an option. */
  @FunctionalInterface
  interface Attempt {
    Object run() throws KernelException;
  }
}
