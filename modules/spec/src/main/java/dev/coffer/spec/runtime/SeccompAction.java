package dev.coffer.spec.runtime;

/** What happens to a system call; seccomp(2). */
public enum SeccompAction {
  /** Kills the thread: an old name for {@link #KILL_THREAD}. */
  KILL,
  /** Kills the process with SIGSYS. */
  KILL_PROCESS,
  /** Kills the thread with SIGSYS. */
  KILL_THREAD,
  /** Sends SIGSYS, which can be caught. */
  TRAP,
  /** Fails with an errno. */
  ERRNO,
  /** Asks a tracer; ENOSYS without one. */
  TRACE,
  /** Goes on. */
  ALLOW,
  /** Goes on and is logged. */
  LOG,
  /** Asks the agent that listens at {@link Seccomp#listenerPath}. */
  NOTIFY;

  /** The string that stands in the config. */
  public String spelling() {
    return "SCMP_ACT_" + name();
  }
}
