package dev.coffer.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * File names between Java and the kernel, without loss.
 *
 * <p>A Linux name is any bytes but NUL (and slash). It becomes a string as UTF-8; a byte that is no
 * UTF-8 becomes the lone surrogate U+DC00 + byte, which no valid name contains, and turns back into
 * that byte. Every string that the facade takes or gives for a name is of this form.
 */
public final class NativeText {
  private static final int ESCAPE = 0xDC00;

  /** What Java puts in place of bytes that are no UTF-8; a name may have it of its own, too. */
  private static final char REPLACEMENT = '\uFFFD';

  private NativeText() {}

  /** The string for these bytes. */
  public static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaping(bytes);
  }

  private static String decodeEscaping(byte[] bytes) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xff)));
      }
      decoder.reset();
    }
  }

  /** The bytes of this string: what {@link #decode} was given, for every string that it made. */
  public static byte[] encode(String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    return mayHaveEscape(plain) && hasEscape(text) ? encodeEscapes(text, plain.length) : plain;
  }

  /** A lone surrogate has become a question mark: without one there is nothing to look for. */
  private static boolean mayHaveEscape(byte[] plain) {
    for (byte each : plain) {
      if (each == '?') {
        return true;
      }
    }
    return false;
  }

  /** A NUL-terminated copy in an arena; a string with a NUL in it is {@code EINVAL}. */
  static MemorySegment allocate(Arena arena, String text) throws KernelException {
    byte[] bytes = encodeName(text);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** The bytes of a name, which has no NUL in it. */
  static byte[] encodeName(String text) throws KernelException {
    if (text.indexOf('\0') >= 0) {
      throw new KernelException("path", Errno.EINVAL.number(), text.replace('\0', '?'));
    }
    return encode(text);
  }

  private static boolean hasEscape(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEscape(String text, int index) {
    char c = text.charAt(index);
    return c >= ESCAPE + 0x80
        && c <= ESCAPE + 0xff
        && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
  }

  private static byte[] encodeEscapes(String text, int size) {
    ByteBuffer out = ByteBuffer.allocate(size * 3);
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        out.put(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
        out.put((byte) (text.charAt(i) - ESCAPE));
        from = i + 1;
      }
    }
    out.put(text.substring(from).getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }
}
