package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Sets the I/O priority of a process (ioprio_set(2)).
 *
 * @param name the class as {@code IOPRIO_CLASS_RT}
 * @param ioClass its number
 * @param priority 0 (highest) to 7
 * @param pid slot of the process; empty: this one
 */
public record SetIoPriority(String name, int ioClass, int priority, Optional<Slot> pid, String why)
    implements Op {
  private static final int ONE_PROCESS = 1;
  private static final int CLASS_SHIFT = 13;

  @Override
  public String describe() {
    return "set the I/O priority to \"" + name + "\" " + priority;
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EPERM -> "operation not permitted (the real-time class needs CAP_SYS_NICE)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(
        Syscall.IOPRIO_SET,
        lowering.number(ONE_PROCESS),
        pid.map(lowering::slot).orElseGet(() -> lowering.number(0)),
        lowering.number((long) ioClass << CLASS_SHIFT | priority));
  }
}
