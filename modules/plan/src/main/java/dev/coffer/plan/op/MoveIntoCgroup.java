package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Moves another process into a cgroup of version 1. Unlike {@link JoinCgroup} it waits for a grace
 * period of the kernel, and is for a process that was born before its cgroups.
 *
 * @param pid slot of the process
 * @param directory absolute path on the host
 */
public record MoveIntoCgroup(Slot pid, String directory, String why) implements Op {
  @Override
  public String describe() {
    return "move the process into cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot file = lowering.scratch(0);
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(directory + "/cgroup.procs"),
            lowering.openFlags(OpenFlag.WRITE_ONLY))
        .into(file);
    Structure number = lowering.structure().slotText(pid, ' ');
    int size = number.size();
    lowering.special(Code.WRITE_ALL, lowering.slot(file), number.operand(), lowering.number(size));
    lowering.close(file);
  }
}
