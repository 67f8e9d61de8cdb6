package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes the container's root the root of this mount namespace and lets go of the host's
 * (pivot_root(2), the form without a directory for the old root): the host's root then lies on top
 * of the new one, with all that is attached in it, and is unmounted from there.
 *
 * @param root descriptor of the container's root, attached anywhere in the host's tree
 */
public record PivotRoot(Slot root, String why) implements Op {
  @Override
  public String describe() {
    return "pivot to the container's root";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.FCHDIR, lowering.slot(root));
    lowering.call(Syscall.PIVOT_ROOT, lowering.text("."), lowering.text("."));
    lowering.call(Syscall.UMOUNT2, lowering.text("."), lowering.number(Kernel.MNT_DETACH));
    lowering.call(Syscall.CHDIR, lowering.text("/"));
  }
}
