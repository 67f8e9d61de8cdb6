package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Lets the files of this process below {@code /proc} belong to its user, or to root as before
 * (PR_SET_DUMPABLE, proc_pid(5)). Whoever shares its user and its user namespace may then trace it.
 */
public record SetDumpable(boolean dumpable, String why) implements Op {
  @Override
  public String describe() {
    return dumpable ? "open the own files in /proc" : "close the own files in /proc";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.PRCTL, lowering.number(Kernel.PR_SET_DUMPABLE), lowering.number(dumpable ? 1 : 0));
  }
}
