package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Notes this process's pid as it is inside its namespace, for the hooks that run there.
 *
 * @param into slot for the pid
 */
public record LearnPid(Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "learn the pid";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.GETPID).into(into);
  }
}
