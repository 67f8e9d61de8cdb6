package dev.coffer.plan.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that never change, with value equality, so that records can hold them. */
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of {@code content}. */
  public static Bytes copyOf(byte[] content) {
    return new Bytes(content.clone());
  }

  /** The UTF-8 form of {@code text}, without a final NUL. */
  public static Bytes ofText(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return content.length;
  }

  public byte[] toArray() {
    return content.clone();
  }

  /** A read-only little-endian view. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The text from {@code offset} up to a NUL or the end. */
  public String textAt(int offset) {
    int end = offset;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return new String(content, offset, end - offset, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(content);
  }
}
