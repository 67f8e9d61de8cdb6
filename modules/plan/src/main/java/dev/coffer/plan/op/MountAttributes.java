package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * What mount_setattr(2) changes.
 *
 * @param set {@code MOUNT_ATTR_*} flags to set
 * @param clear {@code MOUNT_ATTR_*} flags to clear
 * @param propagation one of {@code MS_SHARED}, {@code MS_SLAVE}, {@code MS_PRIVATE}, {@code
 *     MS_UNBINDABLE}, or 0 to leave it
 * @param userNamespace descriptor of the user namespace whose maps an id-mapped mount takes
 */
public record MountAttributes(
    long set, long clear, long propagation, Optional<Slot> userNamespace) {
  static final int SIZE = 32;

  /** Read-only and nothing else. */
  public static final MountAttributes READONLY =
      new MountAttributes(Kernel.MOUNT_ATTR_RDONLY, 0, 0, Optional.empty());

  Operand operand(Lowering lowering) {
    Structure structure = lowering.structure().u64(set).u64(clear).u64(propagation);
    userNamespace.ifPresentOrElse(structure::slot64, () -> structure.u64(0));
    return structure.operand();
  }

  void lower(Lowering lowering, Slot mount, boolean recursive) {
    lowering.call(
        Syscall.MOUNT_SETATTR,
        lowering.slot(mount),
        lowering.text(""),
        lowering.number(Kernel.AT_EMPTY_PATH | (recursive ? Kernel.AT_RECURSIVE : 0)),
        operand(lowering),
        lowering.number(SIZE));
  }
}
