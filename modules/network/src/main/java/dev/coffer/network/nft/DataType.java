package dev.coffer.network.nft;

import java.util.List;

/**
 * What the parts of a set's keys and values are. The kernel sees only their length; the numbers are
 * those by which {@code nft list} knows how to show them.
 *
 * <p>Source: {@code enum datatypes} in nftables' include/datatype.h.
 */
public enum DataType {
  IPV4_ADDRESS(7, 4),
  IPV6_ADDRESS(8, 16),
  PROTOCOL(12, 1),
  PORT(13, 2),
  DEVICE_NAME(41, 16);

  private static final int BITS = 6;

  private final int number;
  private final int size;

  DataType(int number, int size) {
    this.number = number;
    this.size = size;
  }

  /** How many bytes a key or value of these parts has. */
  static int size(List<DataType> parts) {
    return parts.size() == 1
        ? parts.getFirst().size
        : parts.stream().mapToInt(part -> (part.size + 3) & ~3).sum();
  }

  /** The number of them together. */
  static int number(List<DataType> parts) {
    int number = 0;
    for (DataType part : parts) {
      number = number << BITS | part.number;
    }
    return number;
  }
}
