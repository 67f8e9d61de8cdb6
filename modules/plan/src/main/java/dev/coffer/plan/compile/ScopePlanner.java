package dev.coffer.plan.compile;

import dev.coffer.plan.op.AwaitScope;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SendDescriptor;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import java.util.List;

/**
 * How a process comes into a scope of systemd's, which makes none without a process: it is there
 * first, and waits until it has been put into its cgroup and the limits are set.
 */
final class ScopePlanner {
  private static final char TAG = 's';
  private static final String WHY = "systemd keeps the cgroup";

  private final int stage;
  private final Slot keeper;

  /**
   * For one process.
   *
   * @param stage which it is
   * @param keeper the input where its pidfd is sent to, and a byte comes from
   */
  ScopePlanner(int stage, Slot keeper) {
    this.stage = stage;
    this.keeper = keeper;
  }

  /** What the process does first. */
  Op waiting() {
    return Sync.receive(Sync.PARENT, TAG, WHY);
  }

  /** What the monitor does once it is born. */
  List<Op> handOver() {
    return List.of(
        new SendDescriptor(
            "first process",
            keeper,
            SlotTable.INIT_PIDFD,
            List.of("scope"),
            SlotTable.INIT_PID,
            WHY),
        new AwaitScope(keeper, WHY));
  }

  /** What the monitor does when the limits are set. */
  Op release() {
    return Sync.send(stage, TAG, WHY);
  }
}
