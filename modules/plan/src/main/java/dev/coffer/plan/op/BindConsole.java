package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Shows the container's terminal as {@code /dev/console} (runtime-spec, config-linux.md, Default
 * Devices): bound on a file there, or on a link itself, wherever that leads.
 *
 * @param terminal descriptor of the terminal's slave
 * @param devices descriptor of the container's /dev
 * @param owner whose that is
 */
public record BindConsole(Slot terminal, Slot devices, Owner owner, String why) implements Op {
  private static final String NAME = "console";
  private static final int MODE = 0600;

  /** Whose directory {@code /dev} is, and so what may be made in it. */
  public enum Owner {
    /** The plan has made it. */
    PLAN,
    /** The root file system has it; one that cannot be written to does without a console. */
    ROOT,
    /** It is bound from the host, where nothing is made: only what is there is covered. */
    HOST
  }

  @Override
  public String describe() {
    return "bind the terminal on \"/dev/console\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot mount = lowering.scratch(0);
    if (owner != Owner.HOST) {
      Call make =
          lowering.call(
              Syscall.MKNODAT,
              lowering.slot(devices),
              lowering.text(NAME),
              lowering.number(Kernel.S_IFREG | MODE));
      make.ignoring(Errno.EEXIST);
      if (owner == Owner.ROOT) {
        make.ignoring(Errno.EROFS);
      }
    }
    lowering
        .call(
            Syscall.OPEN_TREE,
            lowering.slot(terminal),
            lowering.text(""),
            lowering.number(
                Kernel.OPEN_TREE_CLONE | Kernel.OPEN_TREE_CLOEXEC | Kernel.AT_EMPTY_PATH))
        .into(mount);
    Call show =
        lowering.call(
            Syscall.MOVE_MOUNT,
            lowering.slot(mount),
            lowering.text(""),
            lowering.slot(devices),
            lowering.text(NAME),
            lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH));
    if (owner != Owner.PLAN) {
      show.ignoring(Errno.ENOENT);
    }
    lowering.close(mount);
  }
}
