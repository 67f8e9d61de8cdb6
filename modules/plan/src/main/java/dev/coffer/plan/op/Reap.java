package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;

/**
 * Stays as pid 1: forwards signals to the program, reaps orphans, leaves with the program's exit
 * code.
 *
 * @param stage the program's stage
 */
public record Reap(int stage, String why) implements Op {
  @Override
  public String describe() {
    return "wait for the program";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(Code.REAP, lowering.number(stage));
  }
}
