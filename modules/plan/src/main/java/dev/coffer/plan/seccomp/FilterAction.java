package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.SeccompAction;
import java.util.Optional;

/** What a filter returns for an action: {@code SECCOMP_RET_*} of {@code linux/seccomp.h}. */
final class FilterAction {
  static final int KILL_THREAD = 0x0000_0000;
  static final int ENOSYS = errno(38);

  private static final int KILL_PROCESS = 0x8000_0000;
  private static final int TRAP = 0x0003_0000;
  private static final int ERRNO = 0x0005_0000;
  private static final int NOTIFY = 0x7fc0_0000;
  private static final int TRACE = 0x7ff0_0000;
  private static final int LOG = 0x7ffc_0000;
  private static final int ALLOW = 0x7fff_0000;

  private static final long EPERM = 1;
  private static final long MAX_ERRNO = 4095;
  private static final long MAX_DATA = 0xffff;

  private FilterAction() {}

  /**
   * The value for an action and its errno or tracer message.
   *
   * @throws IllegalArgumentException if the action takes none, or not this one (config-linux.md,
   *     Seccomp: that must fail)
   */
  static int value(SeccompAction action, Optional<Long> data) {
    return switch (action) {
      case KILL, KILL_THREAD -> without(action, data, KILL_THREAD);
      case KILL_PROCESS -> without(action, data, KILL_PROCESS);
      case TRAP -> without(action, data, TRAP);
      case ERRNO -> ERRNO | within(action, data.orElse(EPERM), MAX_ERRNO);
      case TRACE -> TRACE | within(action, data.orElse(EPERM), MAX_DATA);
      case ALLOW -> without(action, data, ALLOW);
      case LOG -> without(action, data, LOG);
      case NOTIFY -> without(action, data, NOTIFY);
    };
  }

  private static int errno(int number) {
    return ERRNO | number;
  }

  private static int without(SeccompAction action, Optional<Long> data, int value) {
    if (data.isPresent()) {
      throw new IllegalArgumentException(action.spelling() + " takes no errno, has " + data.get());
    }
    return value;
  }

  private static int within(SeccompAction action, long data, long max) {
    if (data < 0 || data > max) {
      throw new IllegalArgumentException(
          "errno of " + action.spelling() + " must be from 0 to " + max + ", is " + data);
    }
    return (int) data;
  }
}
