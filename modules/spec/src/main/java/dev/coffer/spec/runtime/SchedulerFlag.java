package dev.coffer.spec.runtime;

/** A scheduling flag; sched_setattr(2). */
public enum SchedulerFlag {
  RESET_ON_FORK,
  RECLAIM,
  DL_OVERRUN,
  KEEP_POLICY,
  KEEP_PARAMS,
  UTIL_CLAMP_MIN,
  UTIL_CLAMP_MAX;

  /** The string that stands in the config. */
  public String spelling() {
    return "SCHED_FLAG_" + name();
  }
}
