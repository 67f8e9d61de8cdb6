package dev.coffer.cli.template;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** {@code printf} with the verbs, flags, widths and precisions of Go's {@code fmt}. */
final class Printf {

  private final String format;
  private final List<Object> arguments;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int next;
  private boolean left;
  private boolean zero;
  private boolean plus;
  private boolean sharp;
  private boolean blank;

  private Printf(String format, List<Object> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  static String format(String format, List<Object> arguments) {
    return new Printf(format, arguments).run();
  }

  private String run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        out.append(c);
      } else if (at >= format.length()) {
        out.append("%!(NOVERB)");
      } else {
        directive();
      }
    }
    if (next < arguments.size()) {
      extra();
    }
    return out.toString();
  }

  private void extra() {
    out.append("%!(EXTRA ");
    for (int i = next; i < arguments.size(); i++) {
      out.append(i > next ? ", " : "").append(Values.typeName(arguments.get(i)));
      out.append('=').append(GoText.plain(arguments.get(i)));
    }
    out.append(')');
  }

  private void directive() {
    flags();
    int width = count();
    int precision = -1;
    if (at < format.length() && format.charAt(at) == '.') {
      at++;
      precision = Math.max(0, count());
    }
    if (at >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    char verb = format.charAt(at++);
    if (verb == '%') {
      out.append('%');
    } else if (next >= arguments.size()) {
      out.append("%!").append(verb).append("(MISSING)");
    } else {
      pad(verb(verb, arguments.get(next++), precision), Math.max(0, width));
    }
  }

  private void flags() {
    left = zero = plus = sharp = blank = false;
    for (; at < format.length(); at++) {
      switch (format.charAt(at)) {
        case '-' -> left = true;
        case '0' -> zero = true;
        case '+' -> plus = true;
        case '#' -> sharp = true;
        case ' ' -> blank = true;
        default -> {
          return;
        }
      }
    }
  }

  /** A width or precision: digits, or {@code *} for the next argument; -1 when there is none. */
  private int count() {
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      return next < arguments.size() && arguments.get(next++) instanceof Long value
          ? bounded(value)
          : 0;
    }
    int start = at;
    while (at < format.length() && Character.isDigit(format.charAt(at)) && at - start < 6) {
      at++;
    }
    return at == start ? -1 : bounded(Long.parseLong(format.substring(start, at)));
  }

  private static int bounded(long width) {
    if (width > 10_000) {
      throw new TemplateException("width too large: " + width);
    }
    return (int) width;
  }

  private String verb(char verb, Object value, int precision) {
    return switch (verb) {
      case 'v' ->
          value instanceof String text && sharp ? GoText.quote(text) : cut(value, precision);
      case 's' ->
          value instanceof Number || value instanceof Boolean
              ? bad(verb, value)
              : cut(value, precision);
      case 'q' ->
          value instanceof Number number
              ? "'" + Character.toString(number.intValue()) + "'"
              : GoText.quote(GoText.plain(value));
      case 't' -> value instanceof Boolean ? value.toString() : bad(verb, value);
      case 'T' -> Values.typeName(value);
      case 'd' -> value instanceof Long number ? signed(Long.toString(number)) : bad(verb, value);
      case 'b' ->
          value instanceof Long number ? signed(Long.toString(number, 2)) : bad(verb, value);
      case 'o' ->
          value instanceof Long number ? signed(Long.toString(number, 8)) : bad(verb, value);
      case 'c' ->
          value instanceof Long number ? Character.toString((int) (long) number) : bad(verb, value);
      case 'U' -> value instanceof Long number ? "U+%04X".formatted(number) : bad(verb, value);
      case 'x', 'X' -> hex(verb, value);
      case 'f', 'F', 'e', 'E', 'g', 'G' -> floating(verb, value, precision);
      default -> bad(verb, value);
    };
  }

  private static String cut(Object value, int precision) {
    String text = GoText.plain(value);
    boolean cuts = precision >= 0 && value instanceof String;
    return cuts && text.codePointCount(0, text.length()) > precision
        ? text.substring(0, text.offsetByCodePoints(0, precision))
        : text;
  }

  private String signed(String digits) {
    if (digits.startsWith("-")) {
      return digits;
    }
    return plus ? "+" + digits : blank ? " " + digits : digits;
  }

  private String hex(char verb, Object value) {
    String digits =
        switch (value) {
          case Long number -> signed((sharp ? "0x" : "") + Long.toString(number, 16));
          case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
          case null, default -> bad(verb, value);
        };
    return verb == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
  }

  private String floating(char verb, Object value, int precision) {
    if (!(value instanceof Double number)) {
      return bad(verb, value);
    }
    if (verb == 'g' || verb == 'G') {
      return signed(GoText.number(number));
    }
    int digits = precision < 0 ? 6 : precision;
    return signed(String.format(Locale.ROOT, "%." + digits + Character.toLowerCase(verb), number));
  }

  private static String bad(char verb, Object value) {
    return "%!" + verb + "(" + Values.typeName(value) + "=" + GoText.plain(value) + ")";
  }

  private void pad(String text, int width) {
    int missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      out.append(text);
    } else if (left) {
      out.append(text).repeat(' ', missing);
    } else if (zero) {
      boolean sign = text.startsWith("-") || text.startsWith("+");
      out.append(sign ? text.substring(0, 1) : "")
          .repeat('0', missing)
          .append(text.substring(sign ? 1 : 0));
    } else {
      out.repeat(' ', missing).append(text);
    }
  }
}
