package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Opens a directory by its path in this process's own mount namespace.
 *
 * @param path absolute path
 * @param filesystem magic number of the file system it has to be on (statfs(2)), 0 for any
 * @param into slot for the descriptor
 */
public record OpenHostDirectory(String path, long filesystem, Slot into, String why) implements Op {
  private static final long ANY_DEVICE = -1;

  @Override
  public String describe() {
    return "open directory \"" + path + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(path),
            lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
        .into(into);
    if (filesystem != 0) {
      lowering.special(
          Code.EXPECT,
          lowering.slot(into),
          lowering.number(filesystem),
          lowering.number(ANY_DEVICE),
          lowering.number(Kernel.S_IFDIR));
    }
  }
}
