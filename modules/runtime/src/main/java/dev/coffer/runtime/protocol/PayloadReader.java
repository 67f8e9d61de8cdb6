package dev.coffer.runtime.protocol;

import dev.coffer.kernel.NativeText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a payload apart. Bytes after the last known field are a newer peer's and are ignored; too
 * few are a {@link ProtocolException}.
 */
final class PayloadReader {
  /** Reads one field, or several. */
  interface Decoder<T> {
    T decode(PayloadReader reader) throws ProtocolException;
  }

  private final ByteBuffer buffer;

  private PayloadReader(byte[] payload) {
    buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Decodes a whole payload; whatever its bytes are, the only failure is a ProtocolException. */
  static <T> T decode(FrameType type, byte[] payload, Decoder<T> decoder) throws ProtocolException {
    try {
      return decoder.decode(new PayloadReader(payload));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new ProtocolException(
          "cannot decode frame " + type + ": malformed payload of " + payload.length + " bytes");
    }
  }

  int u8() {
    return Byte.toUnsignedInt(buffer.get());
  }

  int u16() {
    return Short.toUnsignedInt(buffer.getShort());
  }

  int i32() {
    return buffer.getInt();
  }

  long i64() {
    return buffer.getLong();
  }

  byte[] raw(int size) throws ProtocolException {
    if (size < 0 || size > buffer.remaining()) {
      throw new ProtocolException("cannot decode a frame: a length of " + size + " is too long");
    }
    byte[] bytes = new byte[size];
    buffer.get(bytes);
    return bytes;
  }

  byte[] bytes() throws ProtocolException {
    return raw(i32());
  }

  /** Of the form that NativeText gives to bytes that are no UTF-8, so that arguments stay whole. */
  String string() throws ProtocolException {
    return NativeText.decode(bytes());
  }

  List<String> list() throws ProtocolException {
    int count = i32();
    if (count < 0 || count > buffer.remaining() / 4) {
      throw new ProtocolException("cannot decode a frame: a list of " + count + " is too long");
    }
    List<String> strings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      strings.add(string());
    }
    return List.copyOf(strings);
  }
}
