package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/** Ways to touch a tree that a stranger wrote: resolve once, then work on descriptors. */
final class InRoot {
  private static final int OPEN_HOW_SIZE = 24;

  private InRoot() {}

  /** {@code openat2(root, path)} as if {@code root} were {@code /}, never through a magic link. */
  static Call open(Lowering lowering, Slot root, String path, OpenFlag... flags) {
    return open(lowering, root, path, 0, flags);
  }

  /**
   * Opens a file of procfs for writing. What an image or a user mounts in {@code /proc} is passed
   * by with EXDEV: a link in there could lead to another file of the same procfs, where the value
   * does harm, and which looks just as real (CVE-2025-52881, CVE-2019-16884).
   */
  static Call openForWriting(Lowering lowering, Slot proc, String path) {
    return open(lowering, proc, path, Kernel.RESOLVE_NO_XDEV, OpenFlag.WRITE_ONLY);
  }

  private static Call open(
      Lowering lowering, Slot root, String path, int resolve, OpenFlag... flags) {
    long bits =
        OpenFlag.combine(lowering.architecture(), flags)
            | OpenFlag.CLOSE_ON_EXEC.value(lowering.architecture());
    Operand how =
        lowering
            .structure()
            .u64(bits)
            .u64(0)
            .u64(Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS | resolve)
            .operand();
    return lowering.call(
        Syscall.OPENAT2,
        lowering.slot(root),
        lowering.text(path),
        how,
        lowering.number(OPEN_HOW_SIZE));
  }

  /** A detached copy of the mount behind a descriptor. */
  static Call copyMount(Lowering lowering, Slot mount) {
    return lowering.call(
        Syscall.OPEN_TREE,
        lowering.slot(mount),
        lowering.text(""),
        lowering.number(Kernel.OPEN_TREE_CLONE | Kernel.OPEN_TREE_CLOEXEC | Kernel.AT_EMPTY_PATH));
  }

  /** Attaches a detached mount on a descriptor. */
  static Call attach(Lowering lowering, Slot mount, Slot target) {
    return lowering.call(
        Syscall.MOVE_MOUNT,
        lowering.slot(mount),
        lowering.text(""),
        lowering.slot(target),
        lowering.text(""),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH | Kernel.MOVE_MOUNT_T_EMPTY_PATH));
  }
}
