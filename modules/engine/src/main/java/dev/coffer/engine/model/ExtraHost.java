package dev.coffer.engine.model;

/**
 * A line that a user has put into a container's {@code /etc/hosts}.
 *
 * @param name what others are called in there
 * @param address an address, or {@link #GATEWAY}
 */
public record ExtraHost(String name, String address) {

  /** Stands for the address by which the container reaches the host. */
  public static final String GATEWAY = "host-gateway";

  /**
   * Takes {@code NAME:ADDRESS} or {@code NAME=ADDRESS} apart; the address may be in brackets.
   *
   * @throws IllegalArgumentException when one of the two is missing, or the name is none
   */
  public static ExtraHost parse(String text) {
    int equals = text.indexOf('=');
    int split = equals > 0 ? equals : text.indexOf(':');
    if (split <= 0 || split == text.length() - 1) {
      throw new IllegalArgumentException("invalid host \"" + text + "\" (NAME:ADDRESS)");
    }
    String name = text.substring(0, split);
    if (name.chars().anyMatch(c -> c <= ' ' || c == '#')) {
      throw new IllegalArgumentException("invalid host \"" + text + "\": its name has spaces");
    }
    String address = text.substring(split + 1);
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    return new ExtraHost(name, bracketed ? address.substring(1, address.length() - 1) : address);
  }

  /** Whether the address is the host's. */
  public boolean isGateway() {
    return address.equals(GATEWAY);
  }
}
