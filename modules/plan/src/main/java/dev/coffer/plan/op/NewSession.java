package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/** Starts a session of its own, away from the engine's terminal and job control. */
public record NewSession(String why) implements Op {
  @Override
  public String describe() {
    return "start a session";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.SETSID).ignoring(Errno.EPERM);
  }
}
