package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;

/**
 * Moves this process into a cgroup of version 1. It writes 0, itself, to {@code tasks}: a single
 * thread that moves itself needs no global lock of the kernel, which costs a grace period each
 * time.
 *
 * @param tasks descriptor of the {@code tasks} file, open for writing; closed
 * @param directory for messages
 */
public record JoinCgroup(Slot tasks, String directory, String why) implements Op {
  @Override
  public String describe() {
    return "join cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(Code.WRITE_ALL, lowering.slot(tasks), lowering.text("0"), lowering.number(1));
    lowering.close(tasks);
  }
}
