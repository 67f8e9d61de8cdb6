package dev.coffer.image.snapshot;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.MountAttribute;
import dev.coffer.kernel.Mounts;

/** Mounts that show a stranger's files to the host, and nothing that could harm it. */
final class ReadOnlyMount {
  private static final int RESTRICTIONS =
      MountAttribute.READ_ONLY | MountAttribute.NO_SUID | MountAttribute.NO_DEVICES;

  private ReadOnlyMount() {}

  /** A detached one of a directory; the caller's. */
  static Fd of(Fd directory) throws KernelException {
    return restricted(Mounts.clone(directory, false));
  }

  /** Takes a detached mount and gives it back restricted. */
  static Fd restricted(Fd mount) throws KernelException {
    try {
      Mounts.setAttributes(mount, false, RESTRICTIONS, 0, Mounts.PRIVATE);
      return mount;
    } catch (KernelException e) {
      mount.close();
      throw e;
    }
  }
}
