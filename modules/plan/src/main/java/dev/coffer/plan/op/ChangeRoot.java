package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Makes a directory the root of this process alone (chroot(2)), in a mount namespace that others
 * are in as well. It keeps nobody in who has CAP_SYS_CHROOT, or a descriptor from outside.
 *
 * @param root descriptor of the directory
 */
public record ChangeRoot(Slot root, String why) implements Op {
  @Override
  public String describe() {
    return "change to the container's root";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.FCHDIR, lowering.slot(root));
    lowering.call(Syscall.CHROOT, lowering.text("."));
    lowering.call(Syscall.CHDIR, lowering.text("/"));
  }
}
