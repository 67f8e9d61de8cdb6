package dev.coffer.spec.runtime;

/** An execution domain; personality(2). */
public enum PersonalityDomain {
  /** The ordinary one. */
  LINUX,
  /** {@code uname} tells of a 32-bit machine. */
  LINUX32;

  /** The string that stands in the config. */
  public String spelling() {
    return name();
  }
}
