package dev.coffer.runtime.dbus;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Puts values into bytes, lowest byte first (Specification, Marshaling). Each type is aligned to
 * its size, counted from the first byte written.
 */
final class ValueWriter {
  private static final int STRUCT_ALIGNMENT = 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  void write(List<Value> values) {
    values.forEach(this::write);
  }

  void write(Value value) {
    switch (value) {
      case Value.Text(String text) -> string(text);
      case Value.ObjectPath(String path) -> string(path);
      case Value.Types(String text) -> signature(text);
      case Value.Flag(boolean isSet) -> integer(isSet ? 1 : 0, Integer.BYTES);
      case Value.Fraction(double number) ->
          integer(Double.doubleToRawLongBits(number), Double.BYTES);
      case Value.Whole(IntegerType type, long number) -> integer(number, type.size());
      case Value.Variant(Value inner) -> {
        signature(inner.signature());
        write(inner);
      }
      case Value.Sequence(String element, List<Value> values) -> sequence(element, values);
      case Value.Struct(List<Value> members) -> {
        align(STRUCT_ALIGNMENT);
        write(members);
      }
    }
  }

  /** The length does not count what aligns the first element. */
  private void sequence(String element, List<Value> values) {
    int alignment = Types.alignment(element.charAt(0));
    align(Integer.BYTES);
    int start = up(bytes.size() + Integer.BYTES, alignment);
    ValueWriter elements = new ValueWriter();
    elements.pad(start % STRUCT_ALIGNMENT);
    elements.write(values);
    byte[] content = elements.toBytes();
    int skipped = start % STRUCT_ALIGNMENT;
    integer(content.length - skipped, Integer.BYTES);
    align(alignment);
    bytes.write(content, skipped, content.length - skipped);
  }

  private void string(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text on the bus has no zero byte");
    }
    integer(encoded.length, Integer.BYTES);
    bytes.writeBytes(encoded);
    bytes.write(0);
  }

  private void signature(String types) {
    bytes.write(types.length());
    bytes.writeBytes(types.getBytes(StandardCharsets.US_ASCII));
    bytes.write(0);
  }

  private void integer(long number, int size) {
    align(size);
    for (int i = 0; i < size; i++) {
      bytes.write((int) (number >>> (i * Byte.SIZE)));
    }
  }

  void align(int alignment) {
    pad(up(bytes.size(), alignment) - bytes.size());
  }

  private void pad(int count) {
    bytes.writeBytes(new byte[count]);
  }

  private static int up(int position, int alignment) {
    return (position + alignment - 1) / alignment * alignment;
  }
}
