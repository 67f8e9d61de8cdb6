package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Waits until a stage that has nothing more to do has ended, and reaps it (waitid(2)).
 *
 * @param pid slot of its pid
 * @param name the stage's name
 */
public record AwaitStage(Slot pid, String name, String why) implements Op {
  @Override
  public String describe() {
    return "wait for the end of process \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.WAITID,
        lowering.number(Kernel.P_PID),
        lowering.slot(pid),
        lowering.nothing(),
        lowering.number(Kernel.WEXITED),
        lowering.nothing());
  }
}
