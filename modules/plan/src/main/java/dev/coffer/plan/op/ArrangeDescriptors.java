package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import java.util.List;

/**
 * Lays out the descriptors that the program will see; all others close when it starts.
 *
 * @param descriptors slot of descriptor 0, 1, … in order
 */
public record ArrangeDescriptors(List<Slot> descriptors, String why) implements Op {
  @Override
  public String describe() {
    return "arrange " + descriptors.size() + " descriptors";
  }

  @Override
  public void lower(Lowering lowering) {
    Structure slots = lowering.structure();
    descriptors.forEach(slot -> slots.u32(slot.index()));
    lowering.special(Code.ARRANGE_FDS, slots.operand(), lowering.number(descriptors.size()));
  }
}
