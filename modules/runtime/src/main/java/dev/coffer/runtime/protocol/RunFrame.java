package dev.coffer.runtime.protocol;

import dev.coffer.kernel.Fd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The engine's word to a launcher to run a plan itself.
 *
 * @param untilExec whether the start is over when the program has been executed; else with stage 0
 * @param streams what the program's standard streams are
 * @param preserved how many of the launcher's descriptors, from 3 on, fill the slots after the
 *     inputs
 */
public record RunFrame(boolean untilExec, Streams streams, int preserved) {
  /** What the program's standard streams are, and who has a terminal's other end. */
  public enum Streams implements Numbered {
    /** The launcher's own 0, 1 and 2. */
    CALLERS(0),
    /** A terminal, which the launcher relays. */
    TERMINAL(1),
    /** A terminal that the plan has given to somebody else, or nothing at all. */
    ELSEWHERE(2);

    private final int number;

    Streams(int number) {
      this.number = number;
    }

    @Override
    public int number() {
      return number;
    }
  }

  /** The frame, whose descriptors stay their owners'. */
  public Frame toFrame(Fd plan, Optional<Fd> report, List<Fd> inputs) {
    List<Fd> descriptors = new ArrayList<>(List.of(plan));
    PayloadWriter payload =
        new PayloadWriter()
            .u8(untilExec ? 1 : 0)
            .u8(streams.number())
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
