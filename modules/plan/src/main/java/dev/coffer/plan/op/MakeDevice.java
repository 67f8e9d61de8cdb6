package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a device node or a fifo below a descriptor.
 *
 * @param devices descriptor of a directory
 * @param name path in it
 * @param path the whole path inside, for messages
 * @param type {@code S_IFCHR}, {@code S_IFBLK} or {@code S_IFIFO}
 * @param major major number
 * @param minor minor number
 * @param mode permission bits
 * @param user owner
 * @param group owning group
 * @param checkExisting the directory is not ours alone: a node that exists must be the same device
 */
public record MakeDevice(
    Slot devices,
    String name,
    String path,
    int type,
    long major,
    long minor,
    int mode,
    long user,
    long group,
    boolean checkExisting,
    String why)
    implements Op {
  private static final long ANY_DEVICE = -1;

  @Override
  public String describe() {
    return "create device \"" + path + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EBADMSG -> "something else is there already";
      case EOVERFLOW -> "the id map of /dev has no place for root, who makes it";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    long number = Kernel.device(major, minor);
    Call call =
        lowering.call(
            Syscall.MKNODAT,
            lowering.slot(devices),
            lowering.text(name),
            lowering.number(type | mode),
            lowering.number(number));
    Label made = lowering.label();
    if (checkExisting) {
      Slot node = lowering.scratch(0);
      call.onSuccess(made);
      call.ignoring(Errno.EEXIST);
      InRoot.open(lowering, devices, name, OpenFlag.PATH, OpenFlag.NO_FOLLOW).into(node);
      lowering.special(
          Code.EXPECT,
          lowering.slot(node),
          lowering.number(0),
          lowering.number(type == Kernel.S_IFIFO ? ANY_DEVICE : number),
          lowering.number(type));
      lowering.close(node);
    }
    lowering.place(made);
    if (user != 0 || group != 0) {
      lowering.call(
          Syscall.FCHOWNAT,
          lowering.slot(devices),
          lowering.text(name),
          lowering.number(user),
          lowering.number(group),
          lowering.number(Kernel.AT_SYMLINK_NOFOLLOW));
    }
  }
}
