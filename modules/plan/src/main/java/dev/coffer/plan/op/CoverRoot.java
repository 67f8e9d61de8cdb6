package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Makes the container's root the root of this process alone, where the host's cannot be exchanged
 * (pivot_root(2): it is the initial ramdisk). The container's lies on top of the host's, so that no
 * way leads back below it. What would show the host all the same is let go of first, where it can
 * be: in a user namespace it is locked.
 *
 * @param showing mounts of the host's that show it, outermost last
 * @param root descriptor of the container's root, attached on the host's root with nothing between
 */
public record CoverRoot(List<String> showing, Slot root, String why) implements Op {
  public CoverRoot {
    showing = List.copyOf(showing);
  }

  @Override
  public String describe() {
    return "change to the container's root";
  }

  @Override
  public void lower(Lowering lowering) {
    for (String path : showing) {
      lowering
          .call(Syscall.UMOUNT2, lowering.text(path), lowering.number(Kernel.MNT_DETACH))
          .ignoring(Errno.EINVAL, Errno.ENOENT, Errno.EPERM);
    }
    new ChangeRoot(root, why).lower(lowering);
  }
}
