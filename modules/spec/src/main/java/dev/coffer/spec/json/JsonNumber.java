package dev.coffer.spec.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * A number, kept as the text it is written with so that reading and writing it loses nothing.
 *
 * @param text a number by the grammar of RFC 8259 section 6
 */
public record JsonNumber(String text) implements JsonValue {
  public JsonNumber {
    if (!isNumber(text)) {
      throw new IllegalArgumentException("not a JSON number: \"" + text + "\"");
    }
  }

  /** A signed integer. */
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /** An integer whose bits are read as unsigned: -1 is 18446744073709551615. */
  public static JsonNumber ofUnsigned(long bits) {
    return new JsonNumber(Long.toUnsignedString(bits));
  }

  /** A finite floating point number; integral ones are written without a fraction. */
  public static JsonNumber of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not a JSON number: " + value);
    }
    long integral = (long) value;
    boolean exact = integral == value && Math.abs(integral) < 1L << 53;
    return exact ? of(integral) : new JsonNumber(Double.toString(value));
  }

  /** Whether the text is an integer: neither a fraction nor an exponent. */
  public boolean isInteger() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return false;
      }
    }
    return true;
  }

  /** The value, when it is an integer from -2⁶³ to 2⁶³-1. */
  public OptionalLong asLong() {
    if (!isInteger()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  /** The value's bits, when it is an integer from 0 to 2⁶⁴-1. */
  public OptionalLong asUnsignedLong() {
    if (!isInteger() || text.startsWith("-")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  /** The nearest double; infinite when there is none. */
  public double asDouble() {
    return Double.parseDouble(text);
  }

  /** The exact value. */
  public BigDecimal asDecimal() {
    return new BigDecimal(text);
  }

  @Override
  public String kind() {
    return "number";
  }

  private static boolean isNumber(String text) {
    int i = text.startsWith("-") ? 1 : 0;
    int integer = digits(text, i);
    if (integer == i || (text.charAt(i) == '0' && integer > i + 1)) {
      return false;
    }
    i = integer;
    if (i < text.length() && text.charAt(i) == '.') {
      int fraction = digits(text, i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      int exponent = digits(text, i);
      if (exponent == i) {
        return false;
      }
      i = exponent;
    }
    return i == text.length();
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
