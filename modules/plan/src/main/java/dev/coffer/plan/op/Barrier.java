package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;

/**
 * Waits until somebody says start.
 *
 * @param descriptor where one byte arrives; end of file cancels the container
 */
public record Barrier(Slot descriptor, String why) implements Op {
  @Override
  public String describe() {
    return "wait for start";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(Code.BARRIER, lowering.slot(descriptor));
  }
}
