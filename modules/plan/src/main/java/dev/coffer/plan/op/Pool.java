package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The bytes that a plan's instructions point into. Equal strings are stored once. */
final class Pool {
  private static final int ALIGNMENT = 8;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
  private final Map<String, Integer> texts = new HashMap<>();

  /** Offset of a NUL-terminated string. It is shared: nothing may patch it. */
  int text(String text) {
    Integer known = texts.get(text);
    if (known != null) {
      return known;
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text.replace("\0", "\\0") + "\" contains a NUL, which ends a string");
    }
    int offset = bytes.size();
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    bytes.write(0);
    texts.put(text, offset);
    return offset;
  }

  /** Offset of a block of its own, on a multiple of 8. */
  int block(byte[] content) {
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(0);
    }
    int offset = bytes.size();
    bytes.writeBytes(content);
    return offset;
  }

  Bytes content() {
    return Bytes.copyOf(bytes.toByteArray());
  }
}
