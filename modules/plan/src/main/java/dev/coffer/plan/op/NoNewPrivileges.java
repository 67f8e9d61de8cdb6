package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/** Forbids this process and its children to gain privileges by execve(2) (no_new_privs). */
public record NoNewPrivileges(String why) implements Op {
  @Override
  public String describe() {
    return "set no_new_privs";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.PRCTL, lowering.number(Kernel.PR_SET_NO_NEW_PRIVS), lowering.number(1));
  }
}
