package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a path and all below it read-only. One that does not exist is passed over.
 *
 * @param root descriptor of the container's root, or of a mount in it
 * @param path path from there
 * @param name the whole path, for messages
 */
public record ReadonlyPath(Slot root, String path, String name, String why) implements Op {
  @Override
  public String describe() {
    return "make \"" + name + "\" read-only";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot target = lowering.scratch(0);
    Slot copy = lowering.scratch(1);
    Label done = lowering.label();
    InRoot.open(lowering, root, path, OpenFlag.PATH)
        .into(target)
        .on(Errno.ENOENT, done)
        .on(Errno.ENOTDIR, done);
    lowering
        .call(
            Syscall.OPEN_TREE,
            lowering.slot(target),
            lowering.text(""),
            lowering.number(
                Kernel.OPEN_TREE_CLONE
                    | Kernel.OPEN_TREE_CLOEXEC
                    | Kernel.AT_EMPTY_PATH
                    | Kernel.AT_RECURSIVE))
        .into(copy);
    MountAttributes.READONLY.lower(lowering, copy, true);
    InRoot.attach(lowering, copy, target);
    lowering.close(copy);
    lowering.close(target);
    lowering.place(done);
  }
}
