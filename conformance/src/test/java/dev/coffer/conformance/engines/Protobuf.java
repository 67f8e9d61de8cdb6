package dev.coffer.conformance.engines;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of Protocol Buffers' wire format as the messages of the CRI need: numbers as varints, and
 * texts and messages with their length before them (protobuf.dev, "Encoding").
 */
final class Protobuf {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Protobuf number(int field, long value) {
    varint(((long) field << 3) | VARINT);
    varint(value);
    return this;
  }

  Protobuf text(int field, String... values) {
    for (String value : values) {
      bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  Protobuf message(int field, Protobuf value) {
    return bytes(field, value.toByteArray());
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  private Protobuf bytes(int field, byte[] value) {
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** A message as gRPC sends it: uncompressed, its length in four bytes before it. */
  byte[] frame() {
    byte[] message = toByteArray();
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(frame)) {
      data.writeByte(0);
      data.writeInt(message.length);
      data.write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frame.toByteArray();
  }

  /** A received message, whose fields are asked for by their numbers. */
  record Message(ByteBuffer content) {

    /** The message of a gRPC frame, an empty one where there is none. */
    static Message ofFrame(byte[] frame) {
      int header = Math.min(5, frame.length);
      return new Message(ByteBuffer.wrap(frame, header, frame.length - header).slice());
    }

    /** A text field, empty when it is not there. */
    String text(int field) {
      return all(field).stream()
          .map(value -> StandardCharsets.UTF_8.decode(value.duplicate()).toString())
          .findFirst()
          .orElse("");
    }

    /** A field that is a message, an empty one when it is not there. */
    Message message(int field) {
      return new Message(all(field).stream().findFirst().orElse(ByteBuffer.allocate(0)));
    }

    /** A number, zero when it is not there. */
    long number(int field) {
      return all(field).stream().map(value -> varint(value.duplicate())).findFirst().orElse(0L);
    }

    private List<ByteBuffer> all(int field) {
      List<ByteBuffer> values = new ArrayList<>();
      ByteBuffer in = content.duplicate();
      while (in.hasRemaining()) {
        long key = varint(in);
        int start = in.position();
        switch ((int) (key & 7)) {
          case VARINT -> varint(in);
          case LENGTH_DELIMITED -> {
            int length = (int) varint(in);
            start = in.position();
            in.position(start + length);
          }
          default -> throw new IllegalStateException("wire type of field " + (key >>> 3));
        }
        if (key >>> 3 == field) {
          values.add(in.slice(start, in.position() - start));
        }
      }
      return values;
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = in.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}
