package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Becomes the container's user and keeps the permitted capabilities for {@link SetCapabilities}.
 *
 * @param user user id
 * @param group group id
 * @param groups supplementary groups
 * @param setGroups false where the namespace denies setgroups(2)
 */
public record SetUser(long user, long group, List<Long> groups, boolean setGroups, String why)
    implements Op {
  public SetUser {
    groups = List.copyOf(groups);
  }

  @Override
  public String describe() {
    return "become user " + user + ":" + group;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EINVAL -> "invalid argument (the id is not mapped in the container's user namespace)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    boolean root = user == 0;
    if (!root) {
      keepCapabilities(lowering, 1);
    }
    if (setGroups) {
      Structure list = lowering.structure();
      groups.forEach(list::u32);
      lowering.call(
          Syscall.SETGROUPS,
          lowering.number(groups.size()),
          groups.isEmpty() ? lowering.nothing() : list.operand());
    }
    Operand groupId = lowering.number(group);
    Operand userId = lowering.number(user);
    lowering.call(Syscall.SETRESGID, groupId, groupId, groupId);
    lowering.call(Syscall.SETRESUID, userId, userId, userId);
    if (!root) {
      keepCapabilities(lowering, 0);
    }
  }

  private static void keepCapabilities(Lowering lowering, int keep) {
    lowering.call(Syscall.PRCTL, lowering.number(Kernel.PR_SET_KEEPCAPS), lowering.number(keep));
  }
}
