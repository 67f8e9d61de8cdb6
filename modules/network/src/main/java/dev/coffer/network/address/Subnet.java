package dev.coffer.network.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A range of addresses of one kind, such as {@code 10.1.0.0/16} or {@code fd00:1::/64}.
 *
 * @param address the first address, which has no bits beyond the prefix
 * @param prefix how many bits all of them share, 0 to 32 or 128
 */
public record Subnet(InetAddress address, int prefix) {

  /** Java would take fewer numbers for an address, too, as old programs do. */
  private static final Pattern FOUR_NUMBERS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  public Subnet {
    int bits = address.getAddress().length * 8;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(
          "invalid subnet \"%s/%d\": the prefix is 0 to %d".formatted(text(address), prefix, bits));
    }
    address = first(address, prefix);
  }

  /**
   * Reads {@code address/prefix}; bits beyond the prefix are dropped.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    try {
      if (slash > 0) {
        return new Subnet(
            parseAddress(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "invalid subnet \"" + text + "\": expected ADDRESS/PREFIX, such as 10.1.0.0/16");
  }

  /**
   * Reads an address; never asks a name server.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static InetAddress parseAddress(String text) {
    boolean form = text.indexOf(':') >= 0 || FOUR_NUMBERS.matcher(text).matches();
    try {
      if (form) {
        return InetAddress.ofLiteral(text);
      }
    } catch (IllegalArgumentException malformed) {
      // Said below.
    }
    throw new IllegalArgumentException("invalid address \"" + text + "\"");
  }

  /** An address as text, IPv6 in the short form of RFC 5952. */
  public static String text(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? address.getHostAddress() : Ipv6Text.of(bytes);
  }

  private static InetAddress first(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(prefix - 8L * i, 0, 8);
      bytes[i] &= (byte) (0xff00 >> kept);
    }
    return of(bytes);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether its addresses have 128 bits. */
  public boolean isIpv6() {
    return address.getAddress().length == 16;
  }

  /** Whether an address lies in it. */
  public boolean contains(InetAddress other) {
    return other.getAddress().length == address.getAddress().length
        && first(other, prefix).equals(address);
  }

  /** Whether the two have an address in common. */
  public boolean overlaps(Subnet other) {
    return contains(other.address) || other.contains(address);
  }

  /** How many addresses it has, the network's own and the broadcast address included. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(address.getAddress().length * 8 - prefix);
  }

  /**
   * The address at a distance from the first.
   *
   * @throws IllegalArgumentException when it is beyond the last
   */
  public InetAddress at(BigInteger distance) {
    if (distance.signum() < 0 || distance.compareTo(size()) >= 0) {
      throw new IllegalArgumentException("no address " + distance + " in " + this);
    }
    int length = address.getAddress().length;
    byte[] sum = new BigInteger(1, address.getAddress()).add(distance).toByteArray();
    byte[] bytes = new byte[length];
    byte[] unsigned =
        sum.length > length ? Arrays.copyOfRange(sum, sum.length - length, sum.length) : sum;
    System.arraycopy(unsigned, 0, bytes, length - unsigned.length, unsigned.length);
    return of(bytes);
  }

  /** The address at a distance from the first. */
  public InetAddress at(long distance) {
    return at(BigInteger.valueOf(distance));
  }

  /** How far an address of it is from the first. */
  public BigInteger distance(InetAddress of) {
    return new BigInteger(1, of.getAddress()).subtract(new BigInteger(1, address.getAddress()));
  }

  @Override
  public String toString() {
    return text(address) + "/" + prefix;
  }
}
