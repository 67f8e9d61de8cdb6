package dev.coffer.runtime.dbus;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes values out of bytes. These come from somebody else: lengths are within the bytes, padding
 * is zero, nesting is bounded, and anything else is a {@link MalformedMessageException}.
 */
final class ValueReader {
  /** Arrays, structs and variants within each other; the specification allows 64. */
  private static final int DEEPEST = 64;

  private final ByteBuffer bytes;

  /**
   * Reads from the buffer's position on, in its byte order.
   *
   * @param bytes its first byte counts as aligned to anything
   */
  ValueReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** Values of these types, one after the other. */
  List<Value> read(String signature) throws MalformedMessageException {
    Types.check(signature);
    try {
      return read(signature, 0);
    } catch (BufferUnderflowException e) {
      throw new MalformedMessageException("it is cut short");
    }
  }

  private List<Value> read(String signature, int depth) throws MalformedMessageException {
    List<Value> values = new ArrayList<>();
    int at = 0;
    while (at < signature.length()) {
      int end = Types.end(signature, at);
      values.add(one(signature.substring(at, end), depth));
      at = end;
    }
    return values;
  }

  private Value one(String type, int depth) throws MalformedMessageException {
    if (depth > DEEPEST) {
      throw new MalformedMessageException("values nested too deeply");
    }
    char letter = type.charAt(0);
    Optional<IntegerType> integer = IntegerType.of(letter);
    if (integer.isPresent()) {
      return new Value.Whole(integer.get(), integer.get().read(bits(integer.get().size())));
    }
    return switch (letter) {
      case 's' -> new Value.Text(string());
      case 'o' -> new Value.ObjectPath(string());
      case 'g' -> new Value.Types(signature());
      case 'b' -> flag();
      case 'd' -> new Value.Fraction(Double.longBitsToDouble(bits(Double.BYTES)));
      case 'v' -> variant(depth);
      case 'a' -> sequence(type.substring(1), depth);
      case '(' -> {
        align(Types.alignment('('));
        yield new Value.Struct(read(type.substring(1, type.length() - 1), depth + 1));
      }
      default -> throw new MalformedMessageException("type \"" + type + "\" is not expected");
    };
  }

  private Value flag() throws MalformedMessageException {
    long bits = bits(Integer.BYTES);
    if (bits != 0 && bits != 1) {
      throw new MalformedMessageException("a boolean of " + bits);
    }
    return new Value.Flag(bits == 1);
  }

  private Value variant(int depth) throws MalformedMessageException {
    String type = signature();
    Types.check(type);
    if (type.isEmpty() || Types.end(type, 0) != type.length()) {
      throw new MalformedMessageException("a variant of types \"" + type + "\"");
    }
    return new Value.Variant(one(type, depth + 1));
  }

  private Value sequence(String element, int depth) throws MalformedMessageException {
    long length = bits(Integer.BYTES);
    align(Types.alignment(element.charAt(0)));
    if (length > bytes.remaining()) {
      throw new MalformedMessageException("an array of " + length + " bytes");
    }
    int end = bytes.position() + (int) length;
    List<Value> values = new ArrayList<>();
    while (bytes.position() < end) {
      values.add(one(element, depth + 1));
    }
    if (bytes.position() != end) {
      throw new MalformedMessageException("an array whose last element is cut short");
    }
    return new Value.Sequence(element, values);
  }

  private String string() throws MalformedMessageException {
    return text(bits(Integer.BYTES));
  }

  private String signature() throws MalformedMessageException {
    return text(bits(1));
  }

  private String text(long length) throws MalformedMessageException {
    if (length >= bytes.remaining()) {
      throw new MalformedMessageException("a text of " + length + " bytes");
    }
    ByteBuffer encoded = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    if (bytes.get() != 0) {
      throw new MalformedMessageException("a text without an end");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedMessageException("a text that is not UTF-8");
    }
  }

  private long bits(int size) throws MalformedMessageException {
    align(size);
    return switch (size) {
      case 1 -> Byte.toUnsignedLong(bytes.get());
      case 2 -> Short.toUnsignedLong(bytes.getShort());
      case 4 -> Integer.toUnsignedLong(bytes.getInt());
      default -> bytes.getLong();
    };
  }

  private void align(int alignment) throws MalformedMessageException {
    while (bytes.position() % alignment != 0) {
      if (bytes.get() != 0) {
        throw new MalformedMessageException("padding that is not zero");
      }
    }
  }
}
