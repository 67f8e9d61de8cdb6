package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Goes on in what was mounted over the container's root: the descriptor of the root leads to what
 * is below that.
 *
 * @param mount descriptor of what was mounted there, which is closed
 * @param root descriptor of the root, which is that mount from now on
 */
public record TakeRoot(Slot mount, Slot root, String why) implements Op {
  /** Not one of the standard streams. */
  private static final int LOWEST = 3;

  @Override
  public String describe() {
    return "take what is mounted on \"/\" for the root";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.close(root);
    lowering
        .call(
            Syscall.FCNTL,
            lowering.slot(mount),
            lowering.number(Kernel.F_DUPFD_CLOEXEC),
            lowering.number(LOWEST))
        .into(root);
    lowering.close(mount);
  }
}
