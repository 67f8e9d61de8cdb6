package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Cuts this mount namespace off: nothing mounted here reaches the host.
 *
 * @param propagation {@code MS_SLAVE} or {@code MS_PRIVATE}
 */
public record SetPropagation(long propagation, String why) implements Op {
  @Override
  public String describe() {
    return "set the propagation of \"/\"";
  }

  @Override
  public void lower(Lowering lowering) {
    MountAttributes attributes = new MountAttributes(0, 0, propagation, Optional.empty());
    lowering.call(
        Syscall.MOUNT_SETATTR,
        lowering.here(),
        lowering.text("/"),
        lowering.number(Kernel.AT_RECURSIVE),
        attributes.operand(lowering),
        lowering.number(MountAttributes.SIZE));
  }
}
