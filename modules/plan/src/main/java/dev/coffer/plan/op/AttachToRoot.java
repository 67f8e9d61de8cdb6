package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Attaches a mount on top of the root directory of this mount namespace, where every host has a
 * place for it and no path is needed.
 *
 * @param mount descriptor of a detached mount
 * @param purpose what a failure is called
 */
public record AttachToRoot(Slot mount, String purpose, String why) implements Op {
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
        lowering.text("/"),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
  }
}
