package dev.coffer.spec.runtime;

/** A flag for seccomp(2). */
public enum SeccompFlag {
  TSYNC,
  LOG,
  SPEC_ALLOW,
  WAIT_KILLABLE_RECV;

  /** The string that stands in the config. */
  public String spelling() {
    return "SECCOMP_FILTER_FLAG_" + name();
  }
}
