package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Notes a process on a descriptor, as its owner: whoever gets the descriptor learns the pid from it
 * (fcntl(2), F_SETOWN). Nothing is ever signalled, since nothing asks for it.
 *
 * @param descriptor about to be handed over
 * @param pid slot of the pid
 */
public record MarkWithPid(Slot descriptor, Slot pid, String why) implements Op {
  @Override
  public String describe() {
    return "note the pid on its descriptor";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.FCNTL,
        lowering.slot(descriptor),
        lowering.number(Kernel.F_SETOWN),
        lowering.slot(pid));
  }
}
