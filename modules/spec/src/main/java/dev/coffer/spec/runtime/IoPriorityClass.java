package dev.coffer.spec.runtime;

/** A class of I/O priority; ioprio_set(2). */
public enum IoPriorityClass {
  /** Real time. */
  RT,
  /** Best effort. */
  BE,
  /** Only when the disk is idle. */
  IDLE;

  /** The string that stands in the config. */
  public String spelling() {
    return "IOPRIO_CLASS_" + name();
  }
}
