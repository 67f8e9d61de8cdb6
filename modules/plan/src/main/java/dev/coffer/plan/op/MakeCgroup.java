package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;
import java.util.Map;

/**
 * Makes a cgroup, if it does not exist. A new cpuset of version 1 has no CPU and no memory node and
 * takes no process until it is given some.
 *
 * @param directory absolute path on the host
 * @param initial files to write when it is new, in order
 */
public record MakeCgroup(String directory, Map<String, String> initial, String why) implements Op {
  private static final int MODE = 0755;

  @Override
  public String describe() {
    return "create cgroup \"" + directory + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Label exists = lowering.label();
    Call call =
        lowering.call(
            Syscall.MKDIRAT, lowering.here(), lowering.text(directory), lowering.number(MODE));
    if (initial.isEmpty()) {
      call.ignoring(Errno.EEXIST);
      return;
    }
    call.on(Errno.EEXIST, exists);
    initial.forEach((file, content) -> write(lowering, file, content));
    lowering.place(exists);
  }

  private void write(Lowering lowering, String name, String content) {
    Slot file = lowering.scratch(0);
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(directory + "/" + name),
            lowering.openFlags(OpenFlag.WRITE_ONLY))
        .into(file);
    lowering.special(
        Code.WRITE_ALL,
        lowering.slot(file),
        lowering.text(content),
        lowering.number(content.length()));
    lowering.close(file);
  }
}
