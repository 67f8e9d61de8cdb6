package dev.coffer.plan.compile;

import dev.coffer.plan.op.AwaitStage;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.ExpectChild;
import dev.coffer.plan.op.MarkWithPid;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.ReadMarkedPid;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import dev.coffer.plan.wire.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process between the monitor and the one that it is all about (init, or the program of an
 * exec), where that has to be born of somebody who is in the container already. The monitor could
 * not return from there. So the joiner enters, lets go of what is the host's, and gives birth to it
 * as its sibling, the monitor's child. It is its parent in the plan's handshakes, and passes them
 * on.
 */
final class JoinerPlanner {
  static final String NAME = "coffer:joiner";

  private final int stage;
  private final int init;
  private final String why;
  private final Slot pid;
  private final List<Op> joiner = new ArrayList<>();

  /**
   * @param stage the joiner's index
   * @param init the index of the stage that it gives birth to
   * @param why it is needed
   */
  JoinerPlanner(int stage, int init, SlotTable slots, String why) {
    this.stage = stage;
    this.init = init;
    this.why = why;
    this.pid = slots.add("joiner-pid");
  }

  /** What the joiner does. */
  List<Op> operations() {
    return joiner;
  }

  /** The joiner's own start. */
  CloneStage birth(long namespaces, Optional<Slot> cgroup, Optional<Slot> fallback) {
    return new CloneStage(stage, NAME, namespaces, cgroup, fallback, pid, Optional.empty(), why);
  }

  /** The birth of init, after all that the joiner did before; the monitor learns who it is. */
  List<Op> deliver(String name, long namespaces, String reason) {
    Optional<Slot> pidfd = Optional.of(SlotTable.INIT_PIDFD);
    joiner.add(
        new CloneStage(
            init,
            name,
            namespaces | Kernel.CLONE_PARENT,
            Optional.empty(),
            Optional.empty(),
            SlotTable.INIT_PID,
            pidfd,
            reason));
    joiner.add(new MarkWithPid(SlotTable.INIT_PIDFD, SlotTable.INIT_PID, why));
    joiner.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 'p', pidfd, false, why));
    return List.of(
        new Sync(stage, Sync.Direction.RECEIVE, 'p', pidfd, false, why),
        new ReadMarkedPid(SlotTable.INIT_PIDFD, SlotTable.INIT_PID, why));
  }

  /** The monitor's operations, with every handshake with init led through the joiner. */
  List<Op> relayed(List<Op> monitor) {
    List<Op> ops = new ArrayList<>();
    int last = 0;
    for (Op op : monitor) {
      if (op instanceof Sync sync && sync.peer() == init) {
        ops.add(sync.with(stage));
        relay(sync);
        last = ops.size();
      } else {
        ops.add(op);
        boolean introduced = op instanceof ReadMarkedPid;
        last = introduced ? ops.size() : last;
      }
    }
    ops.add(last, new AwaitStage(pid, NAME, why));
    ops.add(last + 1, new ExpectChild(SlotTable.INIT_PIDFD, SlotTable.INIT_PID, why));
    return ops;
  }

  private void relay(Sync sync) {
    Sync.Direction back =
        switch (sync.direction()) {
          case SEND -> Sync.Direction.RECEIVE;
          case RECEIVE -> Sync.Direction.SEND;
        };
    Sync above =
        new Sync(
            Sync.PARENT, back, sync.tag(), sync.descriptor(), false, "the joiner passes it on");
    if (sync.untilStarted()) {
      // The end of init's channel is the end of the joiner, which the monitor sees in turn.
      joiner.add(sync);
    } else if (sync.direction() == Sync.Direction.SEND) {
      joiner.add(above);
      joiner.add(sync);
    } else {
      joiner.add(sync);
      joiner.add(above);
      sync.descriptor()
          .ifPresent(slot -> joiner.add(new CloseSlots(List.of(slot), "it was passed on")));
    }
  }
}
