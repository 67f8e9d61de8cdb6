package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Fails unless a process that others told of is this process's own child, by pidfd and by pid
 * alike: whoever can trace the teller could have told of somebody else (waitid(2)).
 *
 * @param pidfd slot of its pidfd
 * @param pid slot of its pid
 */
public record ExpectChild(Slot pidfd, Slot pid, String why) implements Op {
  @Override
  public String describe() {
    return "check that the process is a child";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ECHILD -> "it is not (somebody in the container interferes)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    expect(lowering, Kernel.P_PIDFD, pidfd);
    expect(lowering, Kernel.P_PID, pid);
  }

  private static void expect(Lowering lowering, int kind, Slot process) {
    lowering.call(
        Syscall.WAITID,
        lowering.number(kind),
        lowering.slot(process),
        lowering.nothing(),
        lowering.number(Kernel.WEXITED | Kernel.WNOHANG | Kernel.WNOWAIT),
        lowering.nothing());
  }
}
