package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Learns the pid that {@link MarkWithPid} noted, as this process's pid namespace has it.
 *
 * @param descriptor that was handed over
 * @param into slot for the pid
 */
public record ReadMarkedPid(Slot descriptor, Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "learn the pid from its descriptor";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(Syscall.FCNTL, lowering.slot(descriptor), lowering.number(Kernel.F_GETOWN))
        .into(into);
  }
}
