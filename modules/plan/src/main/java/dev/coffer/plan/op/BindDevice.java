package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Shows a device node of the host in the container's {@code /dev}: in a user namespace mknod(2) is
 * not allowed.
 *
 * @param source its path on the host
 * @param devices descriptor of the container's /dev, a file system that this plan made
 * @param name path in it
 */
public record BindDevice(String source, Slot devices, String name, String why) implements Op {
  @Override
  public String describe() {
    return "bind device \"" + source + "\" on \"/dev/" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot mount = lowering.scratch(0);
    lowering
        .call(
            Syscall.OPEN_TREE,
            lowering.here(),
            lowering.text(source),
            lowering.number(Kernel.OPEN_TREE_CLONE | Kernel.OPEN_TREE_CLOEXEC))
        .into(mount);
    lowering
        .call(
            Syscall.MKNODAT,
            lowering.slot(devices),
            lowering.text(name),
            lowering.number(Kernel.S_IFREG))
        .ignoring(Errno.EEXIST);
    lowering.call(
        Syscall.MOVE_MOUNT,
        lowering.slot(mount),
        lowering.text(""),
        lowering.slot(devices),
        lowering.text(name),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
    lowering.close(mount);
  }
}
