package dev.coffer.cli.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values and strings as Go's {@code fmt} and {@code strconv} write them. */
final class GoText {

  private GoText() {}

  /** A value at the top of an action: nil is {@code <no value>}. */
  static String show(Object value) {
    return value == null ? "<no value>" : plain(value);
  }

  /** The {@code %v} form. */
  static String plain(Object value) {
    return switch (value) {
      case null -> "<nil>";
      case String text -> text;
      case Double number -> number(number);
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        for (Object element : list) {
          out.append(out.length() > 1 ? " " : "").append(plain(element));
        }
        yield out.append(']').toString();
      }
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("map[");
        new TreeMap<Object, Object>(map)
            .forEach(
                (key, member) ->
                    out.append(out.length() > 4 ? " " : "")
                        .append(key)
                        .append(':')
                        .append(plain(member)));
        yield out.append(']').toString();
      }
      case Object other -> other == Values.Absent.VALUE ? "<no value>" : other.toString();
    };
  }

  /** A floating point number as {@code %v}: an exponent from 1e21 on and below 1e-4. */
  static String number(double number) {
    if (number == 0) {
      return "0";
    }
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
    }
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= -4 && exponent < 21) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String sign = number < 0 ? "-" : "";
    return "%s%se%s%02d".formatted(sign, mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** A string in double quotes, as {@code %q} and {@code strconv.Quote} write it. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case 7 -> out.append("\\a");
                case 8 -> out.append("\\b");
                case 11 -> out.append("\\v");
                case 12 -> out.append("\\f");
                default -> {
                  if (c < 0x20 || c == 0x7f) {
                    out.append("\\x%02x".formatted(c));
                  } else {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.append('"').toString();
  }

  /** The value of what stands between the quotes of a Go string or character constant. */
  static String unquote(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at >= text.length()) {
        out.append(c);
        continue;
      }
      char escape = text.charAt(at++);
      switch (escape) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'a' -> out.append((char) 7);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'v' -> out.append((char) 11);
        case '\\', '"', '\'' -> out.append(escape);
        case 'x' -> at = code(text, at, 2, out);
        case 'u' -> at = code(text, at, 4, out);
        case 'U' -> at = code(text, at, 8, out);
        default -> throw new TemplateException("invalid escape \\" + escape);
      }
    }
    return out.toString();
  }

  private static int code(String text, int at, int digits, StringBuilder out) {
    int end = Math.min(text.length(), at + digits);
    try {
      out.appendCodePoint(Integer.parseInt(text.substring(at, end), 16));
    } catch (IllegalArgumentException e) {
      throw new TemplateException("invalid escape \\" + text.substring(at - 1, end));
    }
    return end;
  }
}
