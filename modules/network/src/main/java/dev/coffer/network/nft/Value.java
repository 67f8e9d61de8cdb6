package dev.coffer.network.nft;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as they stand in the packet filter's registers: what is compared, looked up or written.
 * Several in a row are a key of several parts, each of which fills whole registers of four bytes.
 */
public final class Value {
  private static final int DEVICE_NAME = 16;

  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** These bytes. */
  public static Value ofBytes(byte[] bytes) {
    return new Value(bytes.clone());
  }

  /** One byte, such as a protocol's number. */
  public static Value ofByte(int value) {
    return new Value(new byte[] {(byte) value});
  }

  /** A port, as packets have it. */
  public static Value ofPort(int port) {
    return new Value(ByteBuffer.allocate(2).putShort((short) port).array());
  }

  /** A number of 32 bits that is the kernel's own: states, kinds of addresses. */
  public static Value ofInt(int value) {
    return new Value(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  /** An address, 4 or 16 bytes. */
  public static Value of(InetAddress address) {
    return new Value(address.getAddress());
  }

  /** A device's name, or a kind of devices such as {@code bridge}, which fills 16 bytes. */
  public static Value ofDevice(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length >= DEVICE_NAME) {
      throw new IllegalArgumentException(
          "invalid device name \"" + name + "\": 1 to " + (DEVICE_NAME - 1) + " bytes");
    }
    return new Value(Arrays.copyOf(bytes, DEVICE_NAME));
  }

  /**
   * What a device's name is compared with: the name with the zero that ends it or, where the last
   * character is {@code *}, how it starts.
   */
  public static Value ofDevices(String pattern) {
    boolean start = pattern.endsWith("*");
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    return new Value(Arrays.copyOf(bytes, start ? bytes.length - 1 : bytes.length + 1));
  }

  /** The mask that keeps the first bits of an address. */
  public static Value ofMask(int bits, int bytes) {
    byte[] mask = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      mask[i] = (byte) (0xff00 >> Math.clamp(bits - 8L * i, 0, 8));
    }
    return new Value(mask);
  }

  /** The parts one behind the other, each filled up to whole registers. */
  public static Value join(Value... parts) {
    int size = 0;
    for (Value part : parts) {
      size += part.registers() * 4;
    }
    ByteBuffer joined = ByteBuffer.allocate(size);
    for (Value part : parts) {
      joined.put(Arrays.copyOf(part.bytes, part.registers() * 4));
    }
    return new Value(joined.array());
  }

  /** Its size in bytes. */
  public int size() {
    return bytes.length;
  }

  private int registers() {
    return (bytes.length + 3) / 4;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value && Arrays.equals(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
