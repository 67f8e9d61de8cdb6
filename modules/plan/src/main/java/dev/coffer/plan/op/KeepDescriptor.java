package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Keeps a descriptor that came with the plan beyond its end: inputs are closed then.
 *
 * @param descriptor the input
 * @param into slot that is kept
 */
public record KeepDescriptor(Slot descriptor, Slot into, String why) implements Op {
  /** Not one of the standard streams. */
  private static final int LOWEST = 3;

  @Override
  public String describe() {
    return "keep the " + into.name();
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.FCNTL,
            lowering.slot(descriptor),
            lowering.number(Kernel.F_DUPFD_CLOEXEC),
            lowering.number(LOWEST))
        .into(into);
  }
}
