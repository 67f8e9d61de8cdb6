package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Lets the children of a cgroup of version 2 have controllers. Best effort: all at once, else one
 * by one, and a limit that then has no file fails by itself, with its own name.
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
    Label done = lowering.label();
    Label close = lowering.label();
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(directory + "/cgroup.subtree_control"),
            lowering.openFlags(OpenFlag.WRITE_ONLY))
        .into(file)
        .onAnyError(done);
    write(lowering, file, "+" + String.join(" +", controllers)).onSuccess(close).ignoringAll();
    controllers.forEach(each -> write(lowering, file, "+" + each).ignoringAll());
    lowering.place(close);
    lowering.close(file);
    lowering.place(done);
  }

  private static Call write(Lowering lowering, Slot file, String content) {
    return lowering.special(
        Code.WRITE_ALL,
        lowering.slot(file),
        lowering.text(content),
        lowering.number(content.length()));
  }
}
