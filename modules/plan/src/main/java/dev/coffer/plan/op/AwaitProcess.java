package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Waits until a child has ended that an earlier plan of this process started, and reaps it
 * (waitid(2)).
 *
 * @param pid the child
 * @param name what it is, for messages
 */
public record AwaitProcess(int pid, String name, String why) implements Op {
  @Override
  public String describe() {
    return "wait for the end of " + name;
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.WAITID,
        lowering.number(Kernel.P_PID),
        lowering.number(pid),
        lowering.nothing(),
        lowering.number(Kernel.WEXITED),
        lowering.nothing());
  }
}
