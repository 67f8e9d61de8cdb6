package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Lets the children of a cgroup of version 2 have controllers.
 *
 * @param directory absolute path of the parent
 * @param controllers names
 */
public record EnableControllers(String directory, List<String> controllers, String why)
    implements Op {
  @Override
  public String describe() {
    return "enable " + String.join(", ", controllers) + " in cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot file = lowering.scratch(0);
    Bytes content = Bytes.ofText("+" + String.join(" +", controllers));
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(directory + "/cgroup.subtree_control"),
            lowering.openFlags(OpenFlag.WRITE_ONLY))
        .into(file);
    lowering.special(
        Code.WRITE_ALL,
        lowering.slot(file),
        lowering.bytes(content),
        lowering.number(content.size()));
    lowering.close(file);
  }
}
