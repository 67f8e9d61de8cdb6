package dev.coffer.runtime.criu;

/** What criu can do only where the kernel helps it: {@code criu_features}. */
public enum CriuFeature {
  /** Which memory was written to since. */
  MEMORY_TRACKING(1, "tracking of memory (CONFIG_MEM_SOFT_DIRTY)"),
  /** Memory that comes when it is used. */
  LAZY_PAGES(2, "lazy pages (userfaultfd)");

  private final int field;
  private final String words;

  CriuFeature(int field, String words) {
    this.field = field;
    this.words = words;
  }

  int field() {
    return field;
  }

  /** What is missing, in messages. */
  public String words() {
    return words;
  }
}
