package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Attaches a mount on a path of the host's tree, in this mount namespace alone: there it waits for
 * the pivot, or to be copied from.
 *
 * @param mount descriptor of a detached mount
 * @param path absolute path of a directory that is there
 * @param purpose what a failure is called
 */
public record AttachOnHost(Slot mount, String path, String purpose, String why) implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.MOVE_MOUNT,
        lowering.slot(mount),
        lowering.text(""),
        lowering.here(),
        lowering.text(path),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH | Kernel.MOVE_MOUNT_T_SYMLINKS));
  }
}
