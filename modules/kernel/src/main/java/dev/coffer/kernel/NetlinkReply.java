package dev.coffer.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A message from the kernel by netlink, a copy of its own. */
public final class NetlinkReply {
  private static final int TYPE_MASK = 0x3fff;

  private final int type;
  private final int port;
  private final byte[] content;

  NetlinkReply(int type, int port, byte[] content) {
    this.type = type;
    this.port = port;
    this.content = content;
  }

  /** What it is, in the protocol's numbers. */
  public int type() {
    return type;
  }

  /** Whose request it tells of, see {@link NetlinkSocket#port}. */
  public int port() {
    return port;
  }

  /** The part before the attributes and all that follows, in the machine's order. */
  public ByteBuffer fixed() {
    return ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
  }

  /**
   * The attributes, by number.
   *
   * @param fixedSize length of what stands before them
   */
  public Attributes attributes(int fixedSize) {
    return new Attributes(
        parse(ByteBuffer.wrap(content).position(Math.min(fixedSize, content.length))));
  }

  /**
   * Attributes of a message, or those within one of them.
   *
   * @param byNumber contents by number; of equal ones the last
   */
  public record Attributes(Map<Integer, byte[]> byNumber) {

    public Attributes {
      byNumber = Map.copyOf(byNumber);
    }

    /** Those that some bytes consist of. */
    public static Attributes of(byte[] bytes) {
      return new Attributes(parse(ByteBuffer.wrap(bytes)));
    }

    /** The bytes of one. */
    public Optional<byte[]> bytes(int number) {
      return Optional.ofNullable(byNumber.get(number));
    }

    /** One that is text. */
    public Optional<String> text(int number) {
      return bytes(number).map(Attributes::untilZero);
    }

    /** One that is a number of 32 bits in the machine's order. */
    public Optional<Integer> integer(int number) {
      return bytes(number)
          .filter(bytes -> bytes.length >= 4)
          .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt());
    }

    /** One that is a number of 32 bits in the network's order. */
    public Optional<Integer> networkInteger(int number) {
      return bytes(number)
          .filter(bytes -> bytes.length >= 4)
          .map(bytes -> ByteBuffer.wrap(bytes).getInt());
    }

    /** One that consists of attributes; none when it is not there. */
    public Attributes nested(int number) {
      return new Attributes(
          bytes(number).map(bytes -> parse(ByteBuffer.wrap(bytes))).orElse(Map.of()));
    }

    /** One that is a number of 64 bits in the network's order. */
    public Optional<Long> networkLong(int number) {
      return bytes(number)
          .filter(bytes -> bytes.length >= 8)
          .map(bytes -> ByteBuffer.wrap(bytes).getLong());
    }

    /** One that is a list, whose elements consist of attributes and all have one number. */
    public List<Attributes> list(int number) {
      return contents(number).stream().map(Attributes::of).toList();
    }

    /** The bytes of the elements of one that is a list. */
    public List<byte[]> contents(int number) {
      List<byte[]> elements = new ArrayList<>();
      bytes(number)
          .ifPresent(
              bytes -> forEach(ByteBuffer.wrap(bytes), (_, content) -> elements.add(content)));
      return List.copyOf(elements);
    }

    private static String untilZero(byte[] bytes) {
      int end = 0;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
  }

  private static Map<Integer, byte[]> parse(ByteBuffer from) {
    Map<Integer, byte[]> parsed = new LinkedHashMap<>();
    forEach(from, parsed::put);
    return parsed;
  }

  private static void forEach(ByteBuffer from, BiConsumer<Integer, byte[]> action) {
    ByteBuffer attributes = from.order(ByteOrder.nativeOrder());
    while (attributes.remaining() >= 4) {
      int at = attributes.position();
      int length = Short.toUnsignedInt(attributes.getShort(at));
      int number = Short.toUnsignedInt(attributes.getShort(at + 2)) & TYPE_MASK;
      if (length < 4 || length > attributes.remaining()) {
        break;
      }
      int start = attributes.arrayOffset() + at;
      action.accept(number, Arrays.copyOfRange(attributes.array(), start + 4, start + length));
      attributes.position(Math.min(at + NetlinkMessage.align(length), attributes.limit()));
    }
  }
}
