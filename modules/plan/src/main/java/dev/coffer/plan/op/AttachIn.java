package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Attaches a mount on an entry of a directory that this plan made itself, so that no stranger can
 * have put a link there.
 *
 * @param mount descriptor of a detached mount; closed
 * @param directory descriptor of a directory without symlinks
 * @param entry name in it
 * @param purpose what a failure is called
 */
public record AttachIn(Slot mount, Slot directory, String entry, String purpose, String why)
    implements Op {
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
        lowering.slot(directory),
        lowering.text(entry),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
    lowering.close(mount);
  }
}
