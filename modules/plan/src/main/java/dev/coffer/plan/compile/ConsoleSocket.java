package dev.coffer.plan.compile;

import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SendDescriptor;
import dev.coffer.plan.op.Slot;
import java.util.List;

/** A terminal whose master is given away: whoever listens at the console socket relays it. */
final class ConsoleSocket {
  /** The message that goes with the descriptor names the file, as engines expect. */
  private static final String NAME = "/dev/ptmx";

  private ConsoleSocket() {}

  static List<Op> give(Slot socket, String why) {
    return List.of(
        new SendDescriptor(
            "terminal", socket, SlotTable.TERMINAL, List.of(NAME), SlotTable.INIT_PID, why),
        new CloseSlots(List.of(SlotTable.TERMINAL), why));
  }
}
