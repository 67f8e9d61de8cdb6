package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Gives this process a new namespace. For pid and time it is the children that are born there
 * (unshare(2)).
 *
 * @param namespace the kind
 * @param own slot that keeps the present namespace, for {@link LeaveNamespace}
 */
public record NewNamespace(Namespace namespace, Optional<Slot> own, String why) implements Op {
  @Override
  public String describe() {
    return "create " + namespace.label();
  }

  @Override
  public void lower(Lowering lowering) {
    own.ifPresent(
        slot ->
            lowering
                .call(
                    Syscall.OPENAT,
                    lowering.here(),
                    lowering.text("/proc/self/ns/" + namespace.file()),
                    lowering.openFlags())
                .into(slot));
    lowering.call(Syscall.UNSHARE, lowering.number(namespace.flag()));
  }
}
