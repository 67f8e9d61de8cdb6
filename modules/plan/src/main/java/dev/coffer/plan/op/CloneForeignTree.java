package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Takes a copy of a mount as a detached mount while this process is in the mount namespace of a
 * stranger, who wrote its tree: the path is looked up in its root, and through no magic link.
 *
 * @param path absolute path there
 * @param mount slot for the detached mount
 * @param purpose what a failure is called
 */
public record CloneForeignTree(String path, Slot mount, String purpose, String why) implements Op {
  @Override
  public String describe() {
    return purpose;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOENT -> "no such file or directory: \"" + path + "\"";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot root = lowering.scratch(0);
    Slot found = lowering.scratch(1);
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text("/"),
            lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
        .into(root);
    InRoot.open(lowering, root, path, OpenFlag.PATH).into(found);
    InRoot.copyMount(lowering, found).into(mount);
    lowering.close(found);
    lowering.close(root);
  }
}
