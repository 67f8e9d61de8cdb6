package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.util.Optional;

/**
 * Sets how the kernel schedules a process (sched_setattr(2)).
 *
 * @param name the policy as {@code SCHED_FIFO}
 * @param attributes the policy's number and parameters
 * @param pid slot of the process; empty: this one
 */
public record SetScheduler(String name, Attributes attributes, Optional<Slot> pid, String why)
    implements Op {
  /** Size of the kernel's structure since 5.3, which has room for utilization clamps. */
  private static final int SIZE = 56;

  /**
   * What {@code struct sched_attr} holds; times are in nanoseconds and unsigned.
   *
   * @param policy its number
   * @param flags {@code SCHED_FLAG_*}
   * @param nice for the ordinary policies
   * @param priority for the real-time policies
   */
  public record Attributes(
      int policy, long flags, int nice, int priority, long runtime, long deadline, long period) {}

  @Override
  public String describe() {
    return "set the scheduler to \"" + name + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EPERM ->
          "operation not permitted (it needs CAP_SYS_NICE, and in cgroup version 1 a real-time"
              + " budget of the cgroup)";
      case EBUSY -> "device or resource busy (no CPU time is left for this deadline)";
      case EINVAL -> "invalid argument (the kernel does not take this policy with these values)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    Structure structure =
        lowering
            .structure()
            .u32(SIZE)
            .u32(attributes.policy())
            .u64(attributes.flags())
            .u32(attributes.nice())
            .u32(attributes.priority())
            .u64(attributes.runtime())
            .u64(attributes.deadline())
            .u64(attributes.period())
            .zeros(2 * Integer.BYTES);
    lowering.call(
        Syscall.SCHED_SETATTR,
        pid.map(lowering::slot).orElseGet(() -> lowering.number(0)),
        structure.operand(),
        lowering.number(0));
  }
}
