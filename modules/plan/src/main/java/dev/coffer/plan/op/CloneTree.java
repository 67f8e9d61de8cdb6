package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Takes a copy of a mount of the host, and of those below it, as a detached mount: the source of a
 * bind.
 *
 * @param source absolute path on the host
 * @param mount slot for the detached mount
 * @param recursive whether mounts below it come along
 * @param purpose what a failure is called
 */
public record CloneTree(String source, Slot mount, boolean recursive, String purpose, String why)
    implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT -> "no such file or directory: \"" + source + "\"";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    int flags = Kernel.OPEN_TREE_CLONE | Kernel.OPEN_TREE_CLOEXEC;
    lowering
        .call(
            Syscall.OPEN_TREE,
            lowering.here(),
            lowering.text(source),
            lowering.number(recursive ? flags | Kernel.AT_RECURSIVE : flags))
        .into(mount);
  }
}
