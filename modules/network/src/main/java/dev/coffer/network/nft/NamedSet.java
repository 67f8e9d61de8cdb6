package dev.coffer.network.nft;

import java.util.List;

/**
 * A set of keys, or a map from keys to something.
 *
 * @param name its name in its table
 * @param key the parts of its keys
 * @param content what it has for each key
 */
public record NamedSet(String name, List<DataType> key, Content content) {
  public NamedSet {
    key = List.copyOf(key);
  }

  /** What there is for a key. */
  public sealed interface Content {}

  /** Nothing: it is a set. */
  public record Keys() implements Content {}

  /**
   * A value.
   *
   * @param parts its parts
   */
  public record Values(List<DataType> parts) implements Content {
    public Values {
      parts = List.copyOf(parts);
    }
  }

  /** A verdict. */
  public record Verdicts() implements Content {}
}
