package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Drops capabilities from the bounding set: nothing that is executed can ever get them
 * (capabilities(7)).
 *
 * @param dropped capability numbers
 */
public record RestrictCapabilities(List<Integer> dropped, String why) implements Op {
  @Override
  public String describe() {
    return "drop " + dropped.size() + " capabilities from the bounding set";
  }

  @Override
  public void lower(Lowering lowering) {
    for (int capability : dropped) {
      lowering.call(
          Syscall.PRCTL, lowering.number(Kernel.PR_CAPBSET_DROP), lowering.number(capability));
    }
  }
}
