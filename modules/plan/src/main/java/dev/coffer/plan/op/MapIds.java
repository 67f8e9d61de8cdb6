package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Writes the id maps of a new user namespace (user_namespaces(7)).
 *
 * @param pid slot of the process in it
 * @param users lines of {@code inside outside count}
 * @param groups lines of the same form
 * @param denySetgroups what the kernel asks of a user without CAP_SETGID
 */
public record MapIds(Slot pid, String users, String groups, boolean denySetgroups, String why)
    implements Op {
  @Override
  public String describe() {
    return "write the id maps";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EPERM -> "operation not permitted (who is not root may map the own ids alone)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    if (denySetgroups) {
      write(lowering, "setgroups", "deny");
    }
    write(lowering, "uid_map", users);
    write(lowering, "gid_map", groups);
  }

  private void write(Lowering lowering, String name, String content) {
    Slot file = lowering.scratch(0);
    Structure path = lowering.structure().text("/proc/").slotText(pid, '/').text("/" + name).u8(0);
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            path.operand(),
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
