package dev.coffer.spec.json;

import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON text to values and back.
 *
 * <p>Reading is strict RFC 8259: UTF-8 without a byte order mark, one value, nothing after it. A
 * failure is a {@link SpecException} that says where: {@code invalid JSON at line 3, column 7: …}.
 */
public final class Json {
  private Json() {}

  /** Reads a document from UTF-8 bytes. */
  public static JsonValue parse(byte[] utf8, Limits limits) {
    if (utf8.length > limits.maxBytes()) {
      throw tooLarge(limits);
    }
    // Decoding first keeps the reader from guessing UTF-16 or UTF-32, and refuses malformed bytes.
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException malformed) {
      throw new SpecException("invalid JSON: not UTF-8", malformed);
    }
    return new JsonReader(limits).read(text);
  }

  /** Reads a document. Its size counts in UTF-16 units here. */
  public static JsonValue parse(String text, Limits limits) {
    if (text.length() > limits.maxBytes()) {
      throw tooLarge(limits);
    }
    return new JsonReader(limits).read(text);
  }

  /** Reads a document from a stream of UTF-8 up to its end, never more than the limit. */
  public static JsonValue parse(InputStream utf8, Limits limits) throws IOException {
    byte[] bytes = utf8.readNBytes(limits.maxBytes());
    if (bytes.length == limits.maxBytes() && utf8.read() >= 0) {
      throw tooLarge(limits);
    }
    return parse(bytes, limits);
  }

  /** The value without any white space. */
  public static String write(JsonValue value) {
    return write(value, 0);
  }

  /** The value with four spaces for each level, as {@code docker inspect} prints. */
  public static String writePretty(JsonValue value) {
    return write(value, 4);
  }

  /**
   * The value on lines of their own.
   *
   * @param indent spaces for each level; 0 writes everything on one line without white space
   */
  public static String write(JsonValue value, int indent) {
    StringBuilder out = new StringBuilder();
    new JsonWriter(out, indent).write(value);
    return out.toString();
  }

  /** The value without white space as UTF-8: the content of a state file. */
  public static byte[] bytes(JsonValue value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  private static SpecException tooLarge(Limits limits) {
    return new SpecException("invalid JSON: larger than " + limits.maxBytes() + " bytes");
  }
}
