package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The engine's word to a launcher to run a plan itself.
 *
 * @param untilExec whether the start is over when the program has been executed; else with stage 0
 * @param terminal whether the program has a terminal; else it gets the launcher's 0, 1 and 2
 * @param preserved how many of the launcher's descriptors, from 3 on, fill the slots after the
 *     inputs
 */
public record RunFrame(boolean untilExec, boolean terminal, int preserved) {
  /** The frame, whose descriptors stay their owners'. */
  public Frame toFrame(Fd plan, Optional<Fd> report, List<Fd> inputs) {
    List<Fd> descriptors = new ArrayList<>(List.of(plan));
    PayloadWriter payload =
        new PayloadWriter()
            .u8(untilExec ? 1 : 0)
            .u8(terminal ? 1 : 0)
            .u16(preserved)
            .u8(DescriptorRole.PLAN.number());
    report.ifPresent(
        file -> {
          payload.u8(DescriptorRole.REPORT.number());
          descriptors.add(file);
        });
    for (Fd input : inputs) {
      payload.u8(DescriptorRole.INPUT.number());
      descriptors.add(input);
    }
    return new Frame(FrameType.RUN, payload.toBytes(), descriptors);
  }
}
