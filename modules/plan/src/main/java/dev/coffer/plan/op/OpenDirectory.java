package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.WireForm;

/**
 * Opens a directory inside the container, and makes it if it is missing.
 *
 * @param root descriptor of the container's root
 * @param path absolute path inside
 * @param into slot for the descriptor
 */
public record OpenDirectory(Slot root, String path, Slot into, String why) implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return "open directory \"" + path + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .special(
            Code.OPEN_IN,
            lowering.slot(root),
            lowering.text(path),
            lowering.number(WireForm.OPEN_IN_DIRECTORY),
            lowering.number(WireForm.NO_SLOT),
            lowering.number(MODE),
            lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
        .into(into);
  }
}
