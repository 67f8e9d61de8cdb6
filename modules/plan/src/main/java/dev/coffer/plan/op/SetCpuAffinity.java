package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Binds this process to CPUs (sched_setaffinity(2)).
 *
 * @param list the CPUs as people write them
 * @param mask the same as a bit mask, a multiple of 8 bytes
 */
public record SetCpuAffinity(String list, Bytes mask, String why) implements Op {
  @Override
  public String describe() {
    return "bind the process to CPUs \"" + list + "\"";
  }

  @Override
  public String cause(Errno error) {
    return explain(error);
  }

  static String explain(Errno error) {
    return switch (error) {
      case EINVAL -> "invalid argument (none of them is online and in the cgroup's cpuset)";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    set(lowering, lowering.bytes(mask), mask.size());
  }

  static void set(Lowering lowering, Operand mask, int size) {
    lowering.call(Syscall.SCHED_SETAFFINITY, lowering.number(0), lowering.number(size), mask);
  }
}
