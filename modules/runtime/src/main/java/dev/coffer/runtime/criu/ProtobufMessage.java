package dev.coffer.runtime.criu;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A message that was received; of a field that is there several times, the last counts. */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int COUNTED = 2;
  private static final int FOUR_BYTES = 5;
  private static final int LONGEST_VARINT = 10;

  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, ByteBuffer> counted = new HashMap<>();

  private ProtobufMessage() {}

  /**
   * Reads a message.
   *
   * @throws IOException where it is none
   */
  static ProtobufMessage read(ByteBuffer bytes) throws IOException {
    ProtobufMessage message = new ProtobufMessage();
    ByteBuffer in = bytes.slice();
    try {
      while (in.hasRemaining()) {
        message.readField(in);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IOException("malformed message from criu: it is cut short", e);
    }
    return message;
  }

  private void readField(ByteBuffer in) throws IOException {
    long key = varint(in);
    int field = (int) (key >>> 3);
    int kind = (int) (key & 7);
    switch (kind) {
      case VARINT -> numbers.put(field, varint(in));
      case EIGHT_BYTES -> in.getLong();
      case FOUR_BYTES -> in.getInt();
      case COUNTED -> {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
          throw new BufferUnderflowException();
        }
        counted.put(field, in.slice(in.position(), (int) length));
        in.position(in.position() + (int) length);
      }
      default -> throw new IOException("malformed message from criu: a field of kind " + kind);
    }
  }

  private static long varint(ByteBuffer in) throws IOException {
    long value = 0;
    for (int at = 0; at < LONGEST_VARINT; at++) {
      byte each = in.get();
      value |= (long) (each & 0x7f) << (7 * at);
      if (each >= 0) {
        return value;
      }
    }
    throw new IOException("malformed message from criu: a number without an end");
  }

  Optional<Long> number(int field) {
    return Optional.ofNullable(numbers.get(field));
  }

  boolean flag(int field) {
    return number(field).filter(value -> value != 0).isPresent();
  }

  Optional<String> text(int field) {
    return Optional.ofNullable(counted.get(field))
        .map(bytes -> StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
  }

  Optional<ProtobufMessage> message(int field) throws IOException {
    ByteBuffer bytes = counted.get(field);
    return bytes == null ? Optional.empty() : Optional.of(read(bytes));
  }
}
