package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Shows the container's terminal as {@code /dev/console}: an empty file made in our own {@code
 * /dev}, with the terminal bound on it.
 *
 * @param terminal descriptor of the terminal's slave
 * @param devices descriptor of the container's /dev
 */
public record BindConsole(Slot terminal, Slot devices, String why) implements Op {
  private static final String NAME = "console";
  private static final int MODE = 0600;

  @Override
  public String describe() {
    return "bind the terminal on \"/dev/console\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot mount = lowering.scratch(0);
    lowering
        .call(
            Syscall.MKNODAT,
            lowering.slot(devices),
            lowering.text(NAME),
            lowering.number(Kernel.S_IFREG | MODE))
        .ignoring(Errno.EEXIST);
    lowering
        .call(
            Syscall.OPEN_TREE,
            lowering.slot(terminal),
            lowering.text(""),
            lowering.number(
                Kernel.OPEN_TREE_CLONE | Kernel.OPEN_TREE_CLOEXEC | Kernel.AT_EMPTY_PATH))
        .into(mount);
    lowering.call(
        Syscall.MOVE_MOUNT,
        lowering.slot(mount),
        lowering.text(""),
        lowering.slot(devices),
        lowering.text(NAME),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
    lowering.close(mount);
  }
}
