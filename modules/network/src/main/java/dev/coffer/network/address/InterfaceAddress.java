package dev.coffer.network.address;

import java.net.InetAddress;

/**
 * An address of a device, and how much of it the neighbours share.
 *
 * @param address the address
 * @param prefix how many bits, 0 to 32 or 128
 */
public record InterfaceAddress(InetAddress address, int prefix) {
  public InterfaceAddress {
    if (prefix < 0 || prefix > address.getAddress().length * 8) {
      throw new IllegalArgumentException(
          "invalid prefix %d of address %s".formatted(prefix, Subnet.text(address)));
    }
  }

  /**
   * Reads {@code 10.1.0.2/16}.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static InterfaceAddress parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new InterfaceAddress(
            Subnet.parseAddress(text.substring(0, slash)),
            Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "invalid address \"" + text + "\": expected ADDRESS/PREFIX, such as 10.1.0.2/16");
  }

  /** Whether it has 128 bits. */
  public boolean isIpv6() {
    return address.getAddress().length == 16;
  }

  /** {@code 10.1.0.2/16}. */
  @Override
  public String toString() {
    return Subnet.text(address) + "/" + prefix;
  }
}
