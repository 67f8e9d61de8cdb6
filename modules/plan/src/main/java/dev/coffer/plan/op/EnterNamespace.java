package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Moves this process into an existing namespace. For a pid namespace it is the children that are
 * born there (setns(2)).
 *
 * @param namespace the kind
 * @param path absolute path of its file on the host
 * @param descriptor a namespace's descriptor, or a pidfd with several {@code flags}
 * @param flags {@code CLONE_NEW*} flags to join
 * @param own slot that keeps the present namespace, for {@link LeaveNamespace}
 */
public record EnterNamespace(
    Namespace namespace,
    Optional<String> path,
    Optional<Slot> descriptor,
    long flags,
    Optional<Slot> own,
    String why)
    implements Op {
  public EnterNamespace {
    if (path.isPresent() == descriptor.isPresent()) {
      throw new IllegalArgumentException("a namespace is joined by a path or by a descriptor");
    }
  }

  @Override
  public String describe() {
    return "join " + namespace.label() + path.map(file -> " \"" + file + "\"").orElse("");
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
    if (descriptor.isPresent()) {
      lowering.call(Syscall.SETNS, lowering.slot(descriptor.get()), lowering.number(flags));
      return;
    }
    Slot file = lowering.scratch(0);
    lowering
        .call(
            Syscall.OPENAT,
            lowering.here(),
            lowering.text(path.orElseThrow()),
            lowering.openFlags())
        .into(file);
    lowering.call(Syscall.SETNS, lowering.slot(file), lowering.number(flags));
    lowering.close(file);
  }
}
