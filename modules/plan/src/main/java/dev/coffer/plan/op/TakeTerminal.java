package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a terminal the controlling one of this process's session (tty_ioctl(4), TIOCSCTTY).
 *
 * @param terminal descriptor of the slave
 */
public record TakeTerminal(Slot terminal, String why) implements Op {
  @Override
  public String describe() {
    return "take the terminal";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.IOCTL,
        lowering.slot(terminal),
        lowering.number(Kernel.TIOCSCTTY),
        lowering.number(0));
  }
}
