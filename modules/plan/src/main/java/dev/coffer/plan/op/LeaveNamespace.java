package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Returns to the namespace that {@link EnterNamespace} kept.
 *
 * @param namespace the kind
 * @param own descriptor of the namespace to return to; closed
 * @param mayStay whether to go on where the kernel refuses it, as it does whoever has no power over
 *     the namespace that it came from (setns(2))
 */
public record LeaveNamespace(Namespace namespace, Slot own, boolean mayStay, String why)
    implements Op {
  @Override
  public String describe() {
    return "return to the engine's " + namespace.label();
  }

  @Override
  public void lower(Lowering lowering) {
    Call call = lowering.call(Syscall.SETNS, lowering.slot(own), lowering.number(namespace.flag()));
    if (mayStay) {
      call.ignoring(Errno.EPERM);
    }
    lowering.close(own);
  }
}
