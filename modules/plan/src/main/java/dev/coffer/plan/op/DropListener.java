package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Lets go of the notify descriptor of this process's own filter: while it is held here, nobody is
 * told when the agent is gone. The filter may refuse the call; the descriptor then stays until
 * exec.
 *
 * @param listener the notify descriptor
 */
public record DropListener(Slot listener, String why) implements Op {
  @Override
  public String describe() {
    return "close the seccomp notify descriptor";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.CLOSE, lowering.slot(listener)).ignoringAll();
  }
}
