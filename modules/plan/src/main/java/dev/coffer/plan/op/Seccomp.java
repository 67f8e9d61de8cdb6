package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Loads a filter for system calls (seccomp(2)).
 *
 * @param program classic BPF instructions, 8 bytes each
 * @param flags {@code SECCOMP_FILTER_FLAG_*}
 * @param listener slot for the notify descriptor, which is published for the parent to fetch
 */
public record Seccomp(Bytes program, long flags, Optional<Slot> listener, String why)
    implements Op {
  private static final int INSTRUCTION_SIZE = 8;

  @Override
  public String describe() {
    return "load the seccomp filter";
  }

  @Override
  public void lower(Lowering lowering) {
    Structure filter =
        lowering
            .structure()
            .u16(program.size() / INSTRUCTION_SIZE)
            .zeros(6)
            .pointer(lowering.bytes(program));
    Call call =
        lowering.call(
            Syscall.SECCOMP,
            lowering.number(Kernel.SECCOMP_SET_MODE_FILTER),
            lowering.number(flags),
            filter.operand());
    listener.ifPresent(slot -> call.into(slot).published());
  }
}
