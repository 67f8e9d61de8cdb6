package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Becomes user and group 0 of the new user namespace, once its id maps are written. Supplementary
 * groups of the host go.
 *
 * @param dropGroups false where the namespace denies setgroups(2)
 */
public record BecomeMappedRoot(boolean dropGroups, String why) implements Op {
  @Override
  public String describe() {
    return "become root of the user namespace";
  }

  @Override
  public void lower(Lowering lowering) {
    Operand zero = lowering.number(0);
    if (dropGroups) {
      lowering.call(Syscall.SETGROUPS, zero, lowering.nothing());
    }
    lowering.call(Syscall.SETRESGID, zero, zero, zero);
    lowering.call(Syscall.SETRESUID, zero, zero, zero);
  }
}
