package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Opens a namespace: a user namespace to take its id maps for a mount, a network namespace to move
 * a device there.
 *
 * @param namespace the kind
 * @param path absolute path of its file on the host; empty: that of a process
 * @param pid slot of the process that is in it
 * @param into slot for the descriptor
 */
public record OpenNamespace(
    Namespace namespace, Optional<String> path, Slot pid, Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "open the " + namespace.label() + path.map(file -> " \"" + file + "\"").orElse("");
  }

  @Override
  public void lower(Lowering lowering) {
    Operand file =
        path.map(lowering::text)
            .orElseGet(
                () ->
                    lowering
                        .structure()
                        .text("/proc/")
                        .slotText(pid, '/')
                        .text("/ns/" + namespace.file())
                        .u8(0)
                        .operand());
    lowering.call(Syscall.OPENAT, lowering.here(), file, lowering.openFlags()).into(into);
  }
}
