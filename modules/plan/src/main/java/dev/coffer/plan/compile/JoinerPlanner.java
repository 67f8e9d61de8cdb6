package dev.coffer.plan.compile;

import dev.coffer.plan.op.AwaitStage;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
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
 * The process between the monitor and init where init is to have a new pid namespace within a user
 * namespace that exists. Only a member of the user namespace can make it, and only by a birth; the
 * monitor could not return from there. So the joiner enters and gives birth to init as its sibling,
 * the monitor's child. It is init's parent in the plan's handshakes, and passes them on.
 */
final class JoinerPlanner {
  static final String NAME = "coffer:joiner";
  private static final String WHY = "a new pid namespace in a user namespace that is joined";

  private final int stage;
  private final int init;
  private final Slot pid;
  private final List<Op> joiner = new ArrayList<>();

  /**
   * @param stage the joiner's index
   * @param init init's index
   */
  JoinerPlanner(int stage, int init, SlotTable slots) {
    this.stage = stage;
    this.init = init;
    this.pid = slots.add("joiner-pid");
  }

  /** What the joiner does. */
  List<Op> operations() {
    return joiner;
  }

  /** The joiner's own start. */
  Op birth(long namespaces, Optional<Slot> cgroup) {
    return new CloneStage(
        stage, NAME, namespaces, cgroup, Optional.empty(), pid, Optional.empty(), WHY);
  }

  /** The birth of init, after all that the joiner did before; the monitor learns who it is. */
  List<Op> deliver(String name, long namespaces, String why) {
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
            why));
    joiner.add(new MarkWithPid(SlotTable.INIT_PIDFD, SlotTable.INIT_PID, WHY));
    joiner.add(new Sync(Sync.PARENT, Sync.Direction.SEND, 'p', pidfd, false, WHY));
    return List.of(
        new Sync(stage, Sync.Direction.RECEIVE, 'p', pidfd, false, WHY),
        new ReadMarkedPid(SlotTable.INIT_PIDFD, SlotTable.INIT_PID, WHY));
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
    ops.add(last, new AwaitStage(pid, NAME, WHY));
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
