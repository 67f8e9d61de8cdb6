package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.WireForm;

/**
 * Copies what the container has in a directory into a new file system, before that is attached over
 * it (runtime-spec, {@code tmpcopyup}).
 *
 * @param root descriptor of the container's root
 * @param path absolute path inside; made if it is missing
 * @param mount descriptor of the detached, empty file system
 */
public record CopyUp(Slot root, String path, Slot mount, String why) implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return "copy what is in \"" + path + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case ENOSPC -> "no space left on device (give the tmpfs a larger size)";
      case EOVERFLOW -> "its id map has no place for root, who fills it";
      case ENAMETOOLONG -> "its directories are nested too deeply";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot source = lowering.scratch(0);
    lowering
        .special(
            Code.OPEN_IN,
            lowering.slot(root),
            lowering.text(path),
            lowering.number(WireForm.OPEN_IN_DIRECTORY),
            lowering.number(WireForm.NO_SLOT),
            lowering.number(MODE),
            lowering.openFlags(OpenFlag.PATH, OpenFlag.DIRECTORY))
        .into(source);
    lowering.special(Code.COPY_TREE, lowering.slot(source), lowering.slot(mount));
    lowering.close(source);
  }
}
