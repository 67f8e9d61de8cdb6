package dev.coffer.runtime.systemd;

import dev.coffer.runtime.dbus.IntegerType;
import dev.coffer.runtime.dbus.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Values as text, in the form of GVariant (<a
 * href="https://docs.gtk.org/glib/gvariant-text-format.html">its text format</a>): booleans,
 * numbers with or without a keyword for their type, texts, arrays of one type, tuples.
 */
final class PropertyText {
  private static final int DEEPEST = 16;

  private final String text;
  private int at;

  private PropertyText(String text) {
    this.text = text;
  }

  /**
   * The value.
   *
   * @throws IllegalArgumentException where the text is none
   */
  static Value parse(String text) {
    PropertyText parser = new PropertyText(text);
    Value value = parser.value(Optional.empty(), 0);
    parser.skipBlanks();
    if (parser.at != text.length()) {
      throw parser.wrong();
    }
    return value;
  }

  private Value value(Optional<IntegerType> type, int depth) {
    skipBlanks();
    if (depth > DEEPEST || at == text.length()) {
      throw wrong();
    }
    char first = text.charAt(at);
    return switch (first) {
      case '\'', '"' -> Value.of(quoted(first));
      case '[' -> array(type, depth);
      case '(' -> new Value.Struct(list(Optional.empty(), ')', depth));
      default -> word(type, depth);
    };
  }

  private Value array(Optional<IntegerType> type, int depth) {
    List<Value> values = list(type, ']', depth);
    if (values.isEmpty()) {
      // Nothing says of what, and lists of texts are what units have most.
      return new Value.Sequence("s", values);
    }
    return new Value.Sequence(values.getFirst().signature(), values);
  }

  private List<Value> list(Optional<IntegerType> type, char end, int depth) {
    List<Value> values = new ArrayList<>();
    at++;
    skipBlanks();
    while (!skip(end)) {
      values.add(value(type, depth + 1));
      skipBlanks();
      if (!skip(',') && !next(end)) {
        throw wrong();
      }
      skipBlanks();
    }
    return values;
  }

  private Value word(Optional<IntegerType> type, int depth) {
    int start = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    Optional<IntegerType> keyword = IntegerType.named(word);
    if (keyword.isPresent()) {
      return value(keyword, depth + 1);
    }
    return switch (word) {
      case "true", "false" -> Value.of(word.equals("true"));
      case "boolean", "string", "double" -> value(type, depth + 1);
      default -> number(word, type);
    };
  }

  private static boolean isWord(char letter) {
    return Character.isLetterOrDigit(letter) || "+-._".indexOf(letter) >= 0;
  }

  private Value number(String word, Optional<IntegerType> type) {
    try {
      if (type.isEmpty() && word.matches("[+-]?[0-9]*\\.[0-9]+([eE][+-]?[0-9]+)?")) {
        return new Value.Fraction(Double.parseDouble(word));
      }
      IntegerType known = type.orElse(IntegerType.INT32);
      long number =
          known == IntegerType.UINT64 && !word.startsWith("0x")
              ? Long.parseUnsignedLong(word)
              : Long.decode(word);
      return new Value.Whole(known, number);
    } catch (NumberFormatException e) {
      throw wrong();
    }
  }

  private String quoted(char quote) {
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at == text.length()) {
        throw wrong();
      }
      content.append(text.charAt(at));
      at++;
    }
    if (!skip(quote)) {
      throw wrong();
    }
    return content.toString();
  }

  private boolean next(char expected) {
    return at < text.length() && text.charAt(at) == expected;
  }

  private boolean skip(char expected) {
    boolean found = next(expected);
    at += found ? 1 : 0;
    return found;
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException wrong() {
    return new IllegalArgumentException("no value: " + text);
  }
}
