package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import dev.coffer.plan.wire.WireForm;

/**
 * Makes a directory the current one; it is made if missing, and always inside the root.
 *
 * @param root descriptor of the container's root
 * @param path absolute path inside
 * @param create whether it is made when it is missing
 */
public record ChangeDirectory(Slot root, String path, boolean create, String why) implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return "change to directory \"" + path + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot directory = lowering.scratch(0);
    Call open =
        create
            ? lowering.special(
                Code.OPEN_IN,
                lowering.slot(root),
                lowering.text(path),
                lowering.number(WireForm.OPEN_IN_DIRECTORY),
                lowering.number(WireForm.NO_SLOT),
                lowering.number(MODE),
                lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
            : InRoot.open(lowering, root, path, OpenFlag.PATH, OpenFlag.DIRECTORY);
    open.into(directory);
    lowering.call(Syscall.FCHDIR, lowering.slot(directory));
    lowering.close(directory);
  }
}
