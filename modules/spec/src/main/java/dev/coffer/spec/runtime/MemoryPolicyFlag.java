package dev.coffer.spec.runtime;

/** A flag of memory policy; set_mempolicy(2). */
public enum MemoryPolicyFlag {
  NUMA_BALANCING,
  RELATIVE_NODES,
  STATIC_NODES;

  /** The string that stands in the config. */
  public String spelling() {
    return "MPOL_F_" + name();
  }
}
