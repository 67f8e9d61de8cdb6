package dev.coffer.spec.runtime;

/** How an argument is compared, unsigned in 64 bits. */
public enum SeccompOperator {
  /** Not equal. */
  NE,
  /** Less than. */
  LT,
  /** Less than or equal. */
  LE,
  /** Equal. */
  EQ,
  /** Greater than or equal. */
  GE,
  /** Greater than. */
  GT,
  /** The bits of the mask equal the second value. */
  MASKED_EQ;

  /** The string that stands in the config. */
  public String spelling() {
    return "SCMP_CMP_" + name();
  }
}
