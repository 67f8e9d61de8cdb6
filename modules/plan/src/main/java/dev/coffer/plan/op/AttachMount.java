package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import dev.coffer.plan.wire.WireForm;

/**
 * Attaches a mount inside the container. The mount point is found or made in-root, then used as a
 * descriptor, so that a hostile tree cannot lead it elsewhere.
 *
 * @param mount descriptor of a detached mount
 * @param root descriptor of the container's root
 * @param destination absolute path inside
 * @param likeSource whether a missing mount point is made of the mount's own kind, else a directory
 * @param mayBeLink whether the mount point may be a link, which is followed in-root
 * @param keep whether the descriptor stays open for later operations
 * @param purpose what a failure is called
 */
public record AttachMount(
    Slot mount,
    Slot root,
    String destination,
    boolean likeSource,
    boolean mayBeLink,
    boolean keep,
    String purpose,
    String why)
    implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return purpose;
  }

  /** Engines tell a mount of the wrong kind by these words (Docker adds advice to them). */
  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EISDIR -> "the source is not a directory, the mount point is one";
      case EOVERFLOW -> "the id map around it has no place for root, who makes the mount point";
      case ENOTDIR ->
          mayBeLink
              ? error.text()
              : "it must be mounted on ordinary directory, not on a link or a file";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Slot target = lowering.scratch(0);
    int kind = likeSource ? WireForm.OPEN_IN_LIKE_SLOT : WireForm.OPEN_IN_DIRECTORY;
    lowering
        .special(
            Code.OPEN_IN,
            lowering.slot(root),
            lowering.text(destination),
            lowering.number(kind),
            likeSource ? lowering.slot(mount) : lowering.number(WireForm.NO_SLOT),
            lowering.number(MODE),
            mayBeLink
                ? lowering.openFlags(OpenFlag.PATH)
                : lowering.openFlags(OpenFlag.PATH, OpenFlag.NO_FOLLOW))
        .into(target);
    lowering.call(
        Syscall.MOVE_MOUNT,
        lowering.slot(mount),
        lowering.text(""),
        lowering.slot(target),
        lowering.text(""),
        lowering.number(Kernel.MOVE_MOUNT_F_EMPTY_PATH | Kernel.MOVE_MOUNT_T_EMPTY_PATH));
    lowering.close(target);
    if (!keep) {
      lowering.close(mount);
    }
  }
}
