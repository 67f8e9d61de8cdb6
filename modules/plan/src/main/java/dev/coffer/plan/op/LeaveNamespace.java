package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Returns to the namespace that {@link EnterNamespace} kept.
 *
 * @param namespace the kind
 * @param own descriptor of the namespace to return to; closed
 */
public record LeaveNamespace(Namespace namespace, Slot own, String why) implements Op {
  @Override
  public String describe() {
    return "return to the engine's " + namespace.label();
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.SETNS, lowering.slot(own), lowering.number(namespace.flag()));
    lowering.close(own);
  }
}
