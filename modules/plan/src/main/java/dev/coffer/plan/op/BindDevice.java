package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Shows a device node of the host in the container: in a user namespace mknod(2) is not allowed.
 *
 * @param source its path on the host, and inside
 * @param devices descriptor of a directory of the container's
 * @param name path in it
 * @param type {@code S_IFCHR} or {@code S_IFBLK}, which the host's node has to be
 * @param major its major number
 * @param minor its minor number
 */
public record BindDevice(
    String source, Slot devices, String name, int type, long major, long minor, String why)
    implements Op {
  @Override
  public String describe() {
    return "bind device \"" + source + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EBADMSG -> "the host's is another device than %d:%d".formatted(major, minor);
      case ENOENT -> "the host has none of that path";
      default -> error.text();
    };
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
    lowering.special(
        Code.EXPECT,
        lowering.slot(mount),
        lowering.number(0),
        lowering.number(Kernel.device(major, minor)),
        lowering.number(type));
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
