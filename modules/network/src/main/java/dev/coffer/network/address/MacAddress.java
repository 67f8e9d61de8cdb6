package dev.coffer.network.address;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * The address of a device on its link.
 *
 * @param bits the 48 bits
 */
public record MacAddress(long bits) {
  private static final int SIZE = 6;
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");

  /** Administered locally, for one device; the rest is what users of Docker know. */
  private static final long FAMILIAR = 0x0242L << 32;

  public MacAddress {
    if (bits >>> (8 * SIZE) != 0) {
      throw new IllegalArgumentException("no MAC address: 0x" + Long.toHexString(bits));
    }
    if ((bits >> 40 & 1) != 0) {
      throw new IllegalArgumentException(
          "invalid MAC address \"" + text(bits) + "\": it is one of a group of devices");
    }
  }

  /**
   * Reads {@code 02:42:ac:11:00:02}.
   *
   * @throws IllegalArgumentException when it is malformed or of a group
   */
  public static MacAddress parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "invalid MAC address \"" + text + "\": expected one such as 02:42:ac:11:00:02");
    }
    return new MacAddress(Long.parseLong(text.replaceAll("[:-]", ""), 16));
  }

  /**
   * The one that follows from an IP address, so that neighbours who remember the address have the
   * right device even when it is another container's by now.
   */
  public static MacAddress of(InetAddress address) {
    byte[] bytes = address.getAddress();
    int last = ByteBuffer.wrap(bytes).getInt(bytes.length - 4);
    return new MacAddress(FAMILIAR | Integer.toUnsignedLong(last));
  }

  /** The six bytes. */
  public byte[] bytes() {
    byte[] bytes = new byte[SIZE];
    ByteBuffer.wrap(bytes).putShort((short) (bits >> 32)).putInt((int) bits);
    return bytes;
  }

  private static String text(long bits) {
    return "%012x".formatted(bits).replaceAll("(..)(?!$)", "$1:");
  }

  /** Lower case, with colons. */
  @Override
  public String toString() {
    return text(bits);
  }
}
