package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Sets a resource limit (prlimit(2)).
 *
 * @param name as {@code RLIMIT_NOFILE}
 * @param resource its number
 * @param soft soft limit; -1 is unlimited
 * @param hard hard limit; -1 is unlimited
 * @param pid slot of the process; empty: this one
 */
public record SetRlimit(
    String name, int resource, long soft, long hard, Optional<Slot> pid, String why) implements Op {
  @Override
  public String describe() {
    return "set limit \"" + name + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EPERM -> "operation not permitted (raising a hard limit needs CAP_SYS_RESOURCE)";
      case EINVAL -> "invalid argument (the soft limit exceeds the hard one)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.PRLIMIT64,
        pid.map(lowering::slot).orElseGet(() -> lowering.number(0)),
        lowering.number(resource),
        lowering.structure().u64(soft).u64(hard).operand(),
        lowering.nothing());
  }
}
