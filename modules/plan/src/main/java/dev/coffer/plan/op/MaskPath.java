package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;

/**
 * Hides a path: a directory behind an empty read-only one, anything else behind the null device.
 * Both come from descriptors; a path that does not exist needs no mask.
 *
 * @param root descriptor of the container's root, or of a mount in it
 * @param path path from there
 * @param name the whole path, for messages
 * @param nullDevice descriptor of a null device that was checked
 * @param emptyDirectory descriptor of an empty read-only mount
 */
public record MaskPath(
    Slot root, String path, String name, Slot nullDevice, Slot emptyDirectory, String why)
    implements Op {
  @Override
  public String describe() {
    return "mask \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot target = lowering.scratch(0);
    Slot mask = lowering.scratch(1);
    Label notDirectory = lowering.label();
    Label found = lowering.label();
    Label done = lowering.label();
    InRoot.open(lowering, root, path, OpenFlag.PATH)
        .into(target)
        .on(Errno.ENOENT, done)
        .on(Errno.ENOTDIR, done);
    lowering
        .special(
            Code.EXPECT,
            lowering.slot(target),
            lowering.number(0),
            lowering.number(-1),
            lowering.number(Kernel.S_IFDIR))
        .on(Errno.EBADMSG, notDirectory);
    InRoot.copyMount(lowering, emptyDirectory).into(mask).onSuccess(found);
    lowering.place(notDirectory);
    InRoot.copyMount(lowering, nullDevice).into(mask);
    lowering.place(found);
    InRoot.attach(lowering, mask, target);
    lowering.close(mask);
    lowering.close(target);
    lowering.place(done);
  }
}
