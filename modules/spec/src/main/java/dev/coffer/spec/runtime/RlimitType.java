package dev.coffer.spec.runtime;

/** A resource that can be limited; getrlimit(2). */
public enum RlimitType {
  AS,
  CORE,
  CPU,
  DATA,
  FSIZE,
  LOCKS,
  MEMLOCK,
  MSGQUEUE,
  NICE,
  NOFILE,
  NPROC,
  RSS,
  RTPRIO,
  RTTIME,
  SIGPENDING,
  STACK;

  /** The string that stands in the config. */
  public String spelling() {
    return "RLIMIT_" + name();
  }
}
