package dev.coffer.network.nft;

/** What is in a set or a map: a key and what it leads to. */
public sealed interface Element {
  /** The key. */
  Value key();

  /**
   * A member of a set; also any element of a map that is to be taken out.
   *
   * @param key the key
   */
  record Member(Value key) implements Element {}

  /**
   * A key of a map.
   *
   * @param key the key
   * @param value its value
   */
  record Mapping(Value key, Value value) implements Element {}

  /**
   * A key of a map of verdicts.
   *
   * @param key the key
   * @param verdict what becomes of packets that have it
   */
  record Decision(Value key, Verdict verdict) implements Element {}
}
