package dev.coffer.plan.op;

import java.util.List;

/**
 * Closes descriptors that have done their work.
 *
 * @param slots descriptors
 */
public record CloseSlots(List<Slot> slots, String why) implements Op {
  @Override
  public String describe() {
    return "close " + slots.size() + " descriptors";
  }

  @Override
  public void lower(Lowering lowering) {
    slots.forEach(lowering::close);
  }
}
