package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Opens a child that somebody else made, once it is certain that it is one: only then does the pid
 * stay its own until this process reaps it.
 *
 * @param pid the child
 * @param into slot for its pidfd
 */
public record OpenProcess(int pid, Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "open process " + pid;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ECHILD -> "it is not a child";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.WAITID,
        lowering.number(Kernel.P_PID),
        lowering.number(pid),
        lowering.nothing(),
        lowering.number(Kernel.WEXITED | Kernel.WNOHANG | Kernel.WNOWAIT),
        lowering.nothing());
    lowering.call(Syscall.PIDFD_OPEN, lowering.number(pid), lowering.number(0)).into(into);
  }
}
