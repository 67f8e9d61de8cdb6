package dev.coffer.spec.json;

/**
 * What a document may ask of its reader. Every document is hostile until it has been read.
 *
 * @param maxBytes size of the whole document in bytes (of UTF-8)
 * @param maxDepth how deep objects and arrays may nest, 1 to 500
 * @param maxStringLength UTF-16 units of one string or member name
 * @param maxNumberLength characters of one number
 * @param duplicateKeys what a repeated member name means
 */
public record Limits(
    int maxBytes,
    int maxDepth,
    int maxStringLength,
    int maxNumberLength,
    DuplicateKeys duplicateKeys) {

  /**
   * What a member name that stands twice in one object means; RFC 8259 section 4 leaves it open.
   */
  public enum DuplicateKeys {
    /** The last one counts, as in most readers. */
    LAST_WINS,
    /** The document is refused. */
    REFUSE
  }

  /** For documents made elsewhere: 4 MiB, 64 deep, the last of duplicate keys wins. */
  public static final Limits CONFIG = new Limits(4 << 20, 64, 1 << 20, 64, DuplicateKeys.LAST_WINS);

  /** For Coffer's own files and large answers: 64 MiB, 100 deep, duplicate keys are refused. */
  public static final Limits STATE = new Limits(64 << 20, 100, 16 << 20, 64, DuplicateKeys.REFUSE);

  public Limits {
    if (maxBytes < 1 || maxDepth < 1 || maxStringLength < 1 || maxNumberLength < 1) {
      throw new IllegalArgumentException("limits of a JSON document must be positive");
    }
    // The reader and the writer recurse; this keeps them far from the end of a small stack.
    if (maxDepth > 500) {
      throw new IllegalArgumentException("maxDepth must be at most 500, is " + maxDepth);
    }
  }

  /** These limits for another size. */
  public Limits withMaxBytes(int bytes) {
    return new Limits(bytes, maxDepth, maxStringLength, maxNumberLength, duplicateKeys);
  }

  /** These limits with another rule for duplicate keys. */
  public Limits withDuplicateKeys(DuplicateKeys rule) {
    return new Limits(maxBytes, maxDepth, maxStringLength, maxNumberLength, rule);
  }
}
