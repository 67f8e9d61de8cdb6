package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Sets the execution domain (personality(2)).
 *
 * @param domain its number
 */
public record SetPersonality(long domain, String why) implements Op {
  @Override
  public String describe() {
    return "set the personality";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.PERSONALITY, lowering.number(domain));
  }
}
