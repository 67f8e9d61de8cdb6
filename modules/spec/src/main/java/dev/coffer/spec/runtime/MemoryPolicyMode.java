package dev.coffer.spec.runtime;

/** A mode of memory policy; set_mempolicy(2). */
public enum MemoryPolicyMode {
  DEFAULT,
  BIND,
  INTERLEAVE,
  WEIGHTED_INTERLEAVE,
  PREFERRED,
  PREFERRED_MANY,
  LOCAL;

  /** The string that stands in the config. */
  public String spelling() {
    return "MPOL_" + name();
  }
}
