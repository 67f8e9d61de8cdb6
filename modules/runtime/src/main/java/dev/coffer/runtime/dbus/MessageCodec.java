package dev.coffer.runtime.dbus;

import dev.coffer.plan.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages as bytes (Specification, Message Format): a fixed part of twelve bytes, the header's
 * fields with their length before them, padding to eight, the body.
 */
final class MessageCodec {
  /** As much as it takes to know how long the message is. */
  static final int FIXED_SIZE = 16;

  /** The specification allows 128 MiB; nothing that is asked for here comes near this. */
  static final int LONGEST = 1 << 20;

  private static final int VERSION = 1;
  private static final int ALIGNMENT = 8;
  private static final String FIELDS = "a(yv)";

  private MessageCodec() {}

  static byte[] encode(MethodCall call, long serial) {
    List<Value> fields = new ArrayList<>();
    fields.add(field(HeaderField.PATH, new Value.ObjectPath(call.path())));
    fields.add(field(HeaderField.DESTINATION, Value.of(call.destination())));
    fields.add(field(HeaderField.INTERFACE, Value.of(call.interfaceName())));
    fields.add(field(HeaderField.MEMBER, Value.of(call.member())));
    if (!call.arguments().isEmpty()) {
      fields.add(
          field(HeaderField.SIGNATURE, new Value.Types(Value.signatureOf(call.arguments()))));
    }
    ValueWriter body = new ValueWriter();
    body.write(call.arguments());
    byte[] content = body.toBytes();
    ValueWriter message = new ValueWriter();
    message.write(
        List.of(
            Value.octet('l'),
            Value.octet(Message.Kind.CALL.code()),
            Value.octet(0),
            Value.octet(VERSION),
            Value.uint32(content.length),
            Value.uint32(serial),
            new Value.Sequence("(yv)", fields)));
    message.align(ALIGNMENT);
    byte[] header = message.toBytes();
    byte[] whole = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, whole, header.length, content.length);
    return whole;
  }

  private static Value field(HeaderField field, Value value) {
    return Value.struct(Value.octet(field.code()), new Value.Variant(value));
  }

  /** How long a message is that begins with these bytes. */
  static int length(byte[] fixed) throws MalformedMessageException {
    ByteBuffer start = ByteBuffer.wrap(fixed).order(order(fixed[0]));
    if (fixed[3] != VERSION) {
      throw new MalformedMessageException("version " + fixed[3]);
    }
    long fields = Integer.toUnsignedLong(start.getInt(12));
    long body = Integer.toUnsignedLong(start.getInt(4));
    long header = (FIXED_SIZE + fields + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (header + body > LONGEST) {
      throw new MalformedMessageException("a message of " + (header + body) + " bytes");
    }
    return (int) (header + body);
  }

  private static ByteOrder order(byte letter) throws MalformedMessageException {
    return switch (letter) {
      case 'l' -> ByteOrder.LITTLE_ENDIAN;
      case 'B' -> ByteOrder.BIG_ENDIAN;
      default -> throw new MalformedMessageException("byte order " + letter);
    };
  }

  /** Reads a whole message, of {@link #length}. */
  static Message decode(byte[] bytes) throws MalformedMessageException {
    ByteOrder order = order(bytes[0]);
    ByteBuffer start = ByteBuffer.wrap(bytes).order(order);
    int bodyLength = start.getInt(4);
    int bodyFrom = bytes.length - bodyLength;
    ByteBuffer header = ByteBuffer.wrap(bytes, 0, bodyFrom).order(order).position(12);
    Map<Integer, Value> fields = new HashMap<>();
    if (!(new ValueReader(header).read(FIELDS).getFirst() instanceof Value.Sequence read)) {
      throw new MalformedMessageException("a header without fields");
    }
    for (Value each : read.values()) {
      put(fields, each);
    }
    return new Message(
        Message.Kind.of(bytes[1]),
        Integer.toUnsignedLong(start.getInt(8)),
        fields,
        order,
        Bytes.copyOf(Arrays.copyOfRange(bytes, bodyFrom, bytes.length)));
  }

  private static void put(Map<Integer, Value> fields, Value entry)
      throws MalformedMessageException {
    if (!(entry instanceof Value.Struct(List<Value> members)
        && members.getFirst() instanceof Value.Whole code
        && members.getLast() instanceof Value.Variant(Value value))) {
      throw new MalformedMessageException("a header field that is none");
    }
    for (HeaderField known : HeaderField.values()) {
      if (known.code() == code.number() && !known.type().equals(value.signature())) {
        throw new MalformedMessageException(
            "header field " + known + " of type \"" + value.signature() + "\"");
      }
    }
    fields.put((int) code.number(), value);
  }
}
