package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;

/**
 * Fetches the descriptor that another process offers, without that process making a call for it.
 *
 * @param process pidfd of the process
 * @param into slot for the descriptor
 * @param purpose what a failure is called
 */
public record GrabDescriptor(Slot process, Slot into, String purpose, String why) implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(Code.GRAB_FD, lowering.slot(process)).into(into);
  }
}
