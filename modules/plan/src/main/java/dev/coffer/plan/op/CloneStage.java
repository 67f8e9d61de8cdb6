package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.WireForm;
import java.util.Optional;

/**
 * Starts a process that goes on in another stage. With a cgroup of version 2 it is born inside it;
 * if that cgroup cannot hold processes any more (a nested engine divided it), {@code fallback}
 * takes it.
 *
 * @param stage index of the stage
 * @param name the stage's name
 * @param namespaces {@code CLONE_NEW*} flags
 * @param cgroup descriptor of the cgroup's directory
 * @param fallback descriptor of the cgroup to use instead
 * @param pid slot for its pid
 * @param pidfd slot for its pidfd
 */
public record CloneStage(
    int stage,
    String name,
    long namespaces,
    Optional<Slot> cgroup,
    Optional<Slot> fallback,
    Slot pid,
    Optional<Slot> pidfd,
    String why)
    implements Op {
  @Override
  public String describe() {
    return "start process \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    Label started = lowering.label();
    Call first = clone(lowering, cgroup);
    if (fallback.isPresent()) {
      Label retry = lowering.label();
      first.on(Errno.EBUSY, retry).on(Errno.ENOENT, retry).onSuccess(started);
      lowering.place(retry);
      clone(lowering, fallback);
    }
    lowering.place(started);
  }

  private Call clone(Lowering lowering, Optional<Slot> into) {
    return lowering
        .special(
            Code.CLONE,
            lowering.number(stage),
            lowering.number(namespaces),
            lowering.number(Kernel.SIGCHLD),
            into.map(lowering::slot).orElseGet(() -> lowering.number(WireForm.NO_SLOT)),
            lowering.number(pidfd.map(Slot::index).orElse(WireForm.NO_SLOT)))
        .into(pid);
  }
}
