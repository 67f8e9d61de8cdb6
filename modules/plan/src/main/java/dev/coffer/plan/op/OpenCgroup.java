package dev.coffer.plan.op;

import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Opens what it takes to put a process into a cgroup: the directory in version 2, the {@code tasks}
 * file in version 1.
 *
 * @param directory absolute path on the host
 * @param tasks whether it is version 1
 * @param into slot for the descriptor
 */
public record OpenCgroup(String directory, boolean tasks, Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "open cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(tasks ? directory + "/tasks" : directory),
            tasks
                ? lowering.openFlags(OpenFlag.WRITE_ONLY)
                : lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
        .into(into);
  }
}
