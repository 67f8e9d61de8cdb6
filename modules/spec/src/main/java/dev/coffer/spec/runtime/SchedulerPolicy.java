package dev.coffer.spec.runtime;

/** A scheduling policy; sched(7). */
public enum SchedulerPolicy {
  OTHER,
  FIFO,
  RR,
  BATCH,
  ISO,
  IDLE,
  DEADLINE;

  /** The string that stands in the config. */
  public String spelling() {
    return "SCHED_" + name();
  }
}
