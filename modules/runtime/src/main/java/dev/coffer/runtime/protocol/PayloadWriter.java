package dev.coffer.runtime.protocol;

import dev.coffer.kernel.NativeText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Builds a payload: little-endian numbers, strings and lists. */
final class PayloadWriter {
  private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

  PayloadWriter u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  PayloadWriter u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  PayloadWriter i32(int value) {
    room(4).putInt(value);
    return this;
  }

  PayloadWriter i64(long value) {
    room(8).putLong(value);
    return this;
  }

  PayloadWriter raw(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  /** A length and that many bytes. */
  PayloadWriter bytes(byte[] bytes) {
    return i32(bytes.length).raw(bytes);
  }

  PayloadWriter string(String text) {
    return bytes(NativeText.encode(text));
  }

  /** A string that takes up all of a record, whose length is told there. */
  PayloadWriter text(String text) {
    return raw(NativeText.encode(text));
  }

  PayloadWriter list(List<String> strings) {
    i32(strings.size());
    strings.forEach(this::string);
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private ByteBuffer room(int size) {
    if (buffer.remaining() < size) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + size);
      buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
    }
    return buffer;
  }
}
