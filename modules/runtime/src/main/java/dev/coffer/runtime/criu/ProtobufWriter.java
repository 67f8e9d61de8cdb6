package dev.coffer.runtime.criu;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message as protocol buffers encode it: fields by number, each a varint or counted bytes. */
final class ProtobufWriter {
  private static final int VARINT = 0;
  private static final int COUNTED = 2;
  private static final int SEVEN_BITS = 0x7f;
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An integer or an enumeration's value; a negative one takes ten bytes. */
  ProtobufWriter number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  ProtobufWriter flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  ProtobufWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufWriter message(int field, ProtobufWriter value) {
    return bytes(field, value.toBytes());
  }

  private ProtobufWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | COUNTED);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~SEVEN_BITS) != 0) {
      out.write((int) (left & SEVEN_BITS) | MORE);
      left >>>= 7;
    }
    out.write((int) left);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
