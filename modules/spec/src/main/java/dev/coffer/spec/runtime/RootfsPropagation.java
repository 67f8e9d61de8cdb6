package dev.coffer.spec.runtime;

/**
 * Mount propagation of the root; config-linux.md, Rootfs Mount Propagation. The recursive spellings
 * are not the specification's: they are what containerd's CRI plugin and Docker write.
 */
public enum RootfsPropagation {
  /** Both ways within a new peer group. */
  SHARED("shared"),
  /** From the host only. */
  SLAVE("slave"),
  /** None. */
  PRIVATE("private"),
  /** None, and no bind mount of it can be made. */
  UNBINDABLE("unbindable"),
  RECURSIVELY_SHARED("rshared"),
  RECURSIVELY_SLAVE("rslave"),
  RECURSIVELY_PRIVATE("rprivate"),
  RECURSIVELY_UNBINDABLE("runbindable");

  private final String spelling;

  RootfsPropagation(String spelling) {
    this.spelling = spelling;
  }

  /** The string that stands in the config. */
  public String spelling() {
    return spelling;
  }
}
