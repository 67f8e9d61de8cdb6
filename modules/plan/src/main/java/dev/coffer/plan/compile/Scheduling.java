package dev.coffer.plan.compile;

import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SetIoPriority;
import dev.coffer.plan.op.SetScheduler;
import dev.coffer.plan.op.Slot;
import dev.coffer.spec.runtime.IoPriority;
import dev.coffer.spec.runtime.IoPriorityClass;
import dev.coffer.spec.runtime.Scheduler;
import dev.coffer.spec.runtime.SchedulerFlag;
import dev.coffer.spec.runtime.SchedulerPolicy;
import java.util.Optional;

/**
 * Numbers of {@code process.scheduler} and {@code process.ioPriority}, the same on all machines.
 */
final class Scheduling {
  private Scheduling() {}

  static Op scheduler(Scheduler wanted, Optional<Slot> pid, String why) {
    long flags = 0;
    for (SchedulerFlag flag : wanted.flags()) {
      flags |= number(flag);
    }
    SetScheduler.Attributes attributes =
        new SetScheduler.Attributes(
            number(wanted.policy()),
            flags,
            wanted.nice(),
            wanted.priority(),
            wanted.runtime(),
            wanted.deadline(),
            wanted.period());
    return new SetScheduler(wanted.policy().spelling(), attributes, pid, why);
  }

  static Op ioPriority(IoPriority wanted, Optional<Slot> pid, String why) {
    String name = wanted.ioClass().spelling();
    return new SetIoPriority(name, number(wanted.ioClass()), wanted.priority(), pid, why);
  }

  /** Source: include/uapi/linux/sched.h. */
  private static int number(SchedulerPolicy policy) {
    return switch (policy) {
      case OTHER -> 0;
      case FIFO -> 1;
      case RR -> 2;
      case BATCH -> 3;
      case ISO -> 4;
      case IDLE -> 5;
      case DEADLINE -> 6;
    };
  }

  private static long number(SchedulerFlag flag) {
    return switch (flag) {
      case RESET_ON_FORK -> 0x01;
      case RECLAIM -> 0x02;
      case DL_OVERRUN -> 0x04;
      case KEEP_POLICY -> 0x08;
      case KEEP_PARAMS -> 0x10;
      case UTIL_CLAMP_MIN -> 0x20;
      case UTIL_CLAMP_MAX -> 0x40;
    };
  }

  /** Source: include/uapi/linux/ioprio.h. */
  private static int number(IoPriorityClass ioClass) {
    return switch (ioClass) {
      case RT -> 1;
      case BE -> 2;
      case IDLE -> 3;
    };
  }
}
