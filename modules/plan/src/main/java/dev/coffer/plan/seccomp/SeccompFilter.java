package dev.coffer.plan.seccomp;

import dev.coffer.plan.bpf.ClassicProgram;

/**
 * A compiled filter with what seccomp(2) is to be called with. It depends on nothing but the {@code
 * Seccomp} and the native architecture that it was compiled from, and can be kept by them.
 *
 * @param program the filter
 * @param flags {@code SECCOMP_FILTER_FLAG_*} for {@code SECCOMP_SET_MODE_FILTER}
 */
public record SeccompFilter(ClassicProgram program, int flags) {
  /** {@code SECCOMP_FILTER_FLAG_TSYNC}. */
  public static final int TSYNC = 1;

  /** {@code SECCOMP_FILTER_FLAG_LOG}. */
  public static final int LOG = 1 << 1;

  /** {@code SECCOMP_FILTER_FLAG_SPEC_ALLOW}. */
  public static final int SPEC_ALLOW = 1 << 2;

  /** {@code SECCOMP_FILTER_FLAG_NEW_LISTENER}: seccomp(2) returns the listener's descriptor. */
  public static final int NEW_LISTENER = 1 << 3;

  /** {@code SECCOMP_FILTER_FLAG_TSYNC_ESRCH}. */
  public static final int TSYNC_ESRCH = 1 << 4;

  /** {@code SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV}. */
  public static final int WAIT_KILLABLE_RECV = 1 << 5;

  /** Whether an agent must be given the descriptor that seccomp(2) returns. */
  public boolean notifies() {
    return (flags & NEW_LISTENER) != 0;
  }
}
