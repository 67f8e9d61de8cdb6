package dev.coffer.plan.compile;

/** What a program's standard streams are. */
public enum StandardStreams {
  /** Slots 0 to 2 hold the null device or descriptors of somebody else: they stay as they are. */
  PASSED,
  /** Slots 0 to 2 hold pipes that the monitor made: the container's user becomes their owner. */
  PIPES,
  /** A terminal of the container; slot 3 gets the monitor's end. */
  TERMINAL
}
