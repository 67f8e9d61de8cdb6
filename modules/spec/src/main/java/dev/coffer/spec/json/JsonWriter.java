package dev.coffer.spec.json;

import java.util.Iterator;
import java.util.Map;

/** Appends the text of values. */
final class JsonWriter {
  private final StringBuilder out;
  private final int indent;
  private int level;

  JsonWriter(StringBuilder out, int indent) {
    this.out = out;
    this.indent = indent;
  }

  void write(JsonValue value) {
    switch (value) {
      case JsonObject object -> writeObject(object);
      case JsonArray array -> writeArray(array);
      case JsonString string -> writeString(string.value());
      case JsonNumber number -> out.append(number.text());
      case JsonBoolean bool -> out.append(bool.value());
      case JsonNull _ -> out.append("null");
    }
  }

  private void writeObject(JsonObject object) {
    Iterator<Map.Entry<String, JsonValue>> entries = object.members().entrySet().iterator();
    open('{');
    while (entries.hasNext()) {
      Map.Entry<String, JsonValue> entry = entries.next();
      newLine();
      writeString(entry.getKey());
      out.append(indent > 0 ? ": " : ":");
      write(entry.getValue());
      separate(entries.hasNext());
    }
    close('}', object.isEmpty());
  }

  private void writeArray(JsonArray array) {
    Iterator<JsonValue> elements = array.iterator();
    open('[');
    while (elements.hasNext()) {
      newLine();
      write(elements.next());
      separate(elements.hasNext());
    }
    close(']', array.isEmpty());
  }

  private void open(char bracket) {
    out.append(bracket);
    level++;
  }

  private void separate(boolean more) {
    if (more) {
      out.append(',');
    }
  }

  private void close(char bracket, boolean empty) {
    level--;
    if (!empty) {
      newLine();
    }
    out.append(bracket);
  }

  private void newLine() {
    if (indent > 0) {
      out.append('\n').repeat(' ', level * indent);
    }
  }

  private void writeString(String text) {
    out.append('"');
    if (isPlain(text)) {
      out.append(text);
    } else {
      writeEscaped(text);
    }
    out.append('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void writeEscaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (mustEscape(text, i)) {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              out.append(Character.forDigit((c >> shift) & 0xf, 16));
            }
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  /**
   * Control characters must be escaped; the line separators are so that a value never spreads over
   * lines; a lone surrogate has no UTF-8 form.
   */
  private static boolean mustEscape(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029;
  }
}
