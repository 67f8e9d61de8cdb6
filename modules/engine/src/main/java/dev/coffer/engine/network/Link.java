package dev.coffer.engine.network;

/**
 * A name that one container has for another.
 *
 * @param container the other's name or id
 * @param alias the name
 */
public record Link(String container, String alias) {

  /**
   * Reads {@code container[:alias]}.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static Link parse(String text) {
    String[] parts = text.split(":", -1);
    boolean valid = parts.length <= 2 && !parts[0].isEmpty() && !parts[parts.length - 1].isEmpty();
    if (!valid) {
      throw new IllegalArgumentException("invalid link \"" + text + "\": CONTAINER[:ALIAS]");
    }
    return new Link(
        parts[0].startsWith("/") ? parts[0].substring(1) : parts[0],
        parts.length == 1 ? parts[0] : parts[1]);
  }
}
