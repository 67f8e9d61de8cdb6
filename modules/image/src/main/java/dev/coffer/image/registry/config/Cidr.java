package dev.coffer.image.registry.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A network, such as {@code 10.0.0.0/8}.
 *
 * @param address an address in it
 * @param bits how many leading bits all of its addresses share
 */
public record Cidr(InetAddress address, int bits) {

  /** Reads one; empty when the text is something else. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text.substring(0, slash));
      int bits = Integer.parseInt(text.substring(slash + 1));
      return bits < 0 || bits > address.getAddress().length * 8
          ? Optional.empty()
          : Optional.of(new Cidr(address, bits));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether a host is an address in it; a name never is. Brackets are left out of account. */
  public boolean holds(String host) {
    byte[] mine = address.getAddress();
    byte[] its;
    try {
      its = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (its.length != mine.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (its[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
