package dev.coffer.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A request to the kernel by netlink: a type, flags, a fixed part and attributes. A builder for one
 * thread.
 *
 * <p>Source: netlink(7); Documentation/userspace-api/netlink/intro.rst.
 */
public final class NetlinkMessage {
  /** It is a request. */
  public static final int REQUEST = 1;

  /** Its end is to be acknowledged. */
  public static final int ACK = 4;

  /** All objects are wanted. */
  public static final int DUMP = 0x300;

  /** What is there is replaced. */
  public static final int REPLACE = 0x100;

  /** It is an error when it is there. */
  public static final int EXCLUSIVE = 0x200;

  /** It is made when it is not there. */
  public static final int CREATE = 0x400;

  /** It comes after those that are there. */
  public static final int APPEND = 0x800;

  static final int HEADER = 16;

  private static final int NESTED = 0x8000;
  private static final int MAX_ATTRIBUTE = 0xffff;

  private final int type;
  private int flags;
  private ByteBuffer body = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  private NetlinkMessage(int type, int flags) {
    this.type = type;
    this.flags = flags;
  }

  /**
   * A request.
   *
   * @param type what is wanted, in the protocol's numbers
   * @param flags beside {@link #REQUEST}, which is always set
   */
  public static NetlinkMessage of(int type, int flags) {
    return new NetlinkMessage(type, flags | REQUEST);
  }

  /** Adds to the fixed part that stands before the attributes. */
  public NetlinkMessage fixed(byte... bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  /** Adds a number of 32 bits in the machine's order to the fixed part. */
  public NetlinkMessage fixedInt(int value) {
    room(4).putInt(value);
    return this;
  }

  /** Adds an attribute without content. */
  public NetlinkMessage put(int attribute) {
    return put(attribute, new byte[0]);
  }

  /** Adds an attribute of some bytes. */
  public NetlinkMessage put(int attribute, byte[] content) {
    int length = 4 + content.length;
    if (length > MAX_ATTRIBUTE) {
      throw new IllegalArgumentException("an attribute of " + content.length + " bytes");
    }
    ByteBuffer to = room(align(length));
    to.putShort((short) length).putShort((short) attribute).put(content);
    pad(to);
    return this;
  }

  /** Adds a number of 8 bits. */
  public NetlinkMessage putByte(int attribute, int value) {
    return put(attribute, new byte[] {(byte) value});
  }

  /** Adds a number of 16 bits in the machine's order. */
  public NetlinkMessage putShort(int attribute, int value) {
    return put(attribute, number(2, ByteOrder.nativeOrder()).putShort((short) value).array());
  }

  /** Adds a number of 16 bits in the network's order. */
  public NetlinkMessage putNetworkShort(int attribute, int value) {
    return put(attribute, number(2, ByteOrder.BIG_ENDIAN).putShort((short) value).array());
  }

  /** Adds a number of 32 bits in the machine's order. */
  public NetlinkMessage putInt(int attribute, int value) {
    return put(attribute, number(4, ByteOrder.nativeOrder()).putInt(value).array());
  }

  /** Adds a number of 32 bits in the network's order, as nf_tables has them. */
  public NetlinkMessage putNetworkInt(int attribute, int value) {
    return put(attribute, number(4, ByteOrder.BIG_ENDIAN).putInt(value).array());
  }

  /** Adds a number of 64 bits in the network's order. */
  public NetlinkMessage putNetworkLong(int attribute, long value) {
    return put(attribute, number(8, ByteOrder.BIG_ENDIAN).putLong(value).array());
  }

  /** Adds a text with the zero that ends it. */
  public NetlinkMessage putText(int attribute, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return put(attribute, Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** Adds an attribute that consists of attributes. */
  public NetlinkMessage nest(int attribute, Consumer<NetlinkMessage> content) {
    room(4);
    int start = body.position();
    body.putShort((short) 0).putShort((short) (attribute | NESTED));
    content.accept(this);
    int length = body.position() - start;
    if (length > MAX_ATTRIBUTE) {
      throw new IllegalArgumentException("an attribute of " + length + " bytes");
    }
    body.putShort(start, (short) length);
    return this;
  }

  /** Asks for an answer when it is done. */
  public NetlinkMessage acknowledge() {
    flags |= ACK;
    return this;
  }

  int flags() {
    return flags;
  }

  int type() {
    return type;
  }

  /** All of it as it is sent as the request of a number. */
  public byte[] bytes(int sequence) {
    ByteBuffer out = ByteBuffer.allocate(size()).order(ByteOrder.nativeOrder());
    writeTo(out, 0, sequence);
    return out.array();
  }

  /** The length of all of it, to which the next message is aligned. */
  int size() {
    return align(HEADER + body.position());
  }

  void writeTo(ByteBuffer out, int moreFlags, int sequence) {
    int length = HEADER + body.position();
    out.putInt(length).putShort((short) type).putShort((short) (flags | moreFlags));
    out.putInt(sequence).putInt(0).put(body.array(), 0, body.position());
    pad(out);
  }

  private ByteBuffer room(int bytes) {
    if (body.remaining() < bytes) {
      int size = Math.max(body.capacity() * 2, body.position() + bytes);
      byte[] grown = Arrays.copyOf(body.array(), size);
      body = ByteBuffer.wrap(grown).order(ByteOrder.nativeOrder()).position(body.position());
    }
    return body;
  }

  private static ByteBuffer number(int bytes, ByteOrder order) {
    return ByteBuffer.allocate(bytes).order(order);
  }

  private static void pad(ByteBuffer to) {
    while (to.position() % 4 != 0) {
      to.put((byte) 0);
    }
  }

  static int align(int length) {
    return (length + 3) & ~3;
  }
}
