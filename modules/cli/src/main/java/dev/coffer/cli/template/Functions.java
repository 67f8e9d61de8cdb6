package dev.coffer.cli.template;

import dev.coffer.spec.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The functions of templates: Go's own (pkg.go.dev/text/template#hdr-Functions) and Docker's
 * (docs.docker.com/engine/cli/formatting). {@code and} and {@code or} are the executor's, because
 * they do not evaluate all arguments.
 */
final class Functions {

  static final Set<String> NAMES =
      Set.of(
          "and",
          "or",
          "not",
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "len",
          "index",
          "slice",
          "print",
          "printf",
          "println",
          "html",
          "js",
          "urlquery",
          "json",
          "join",
          "split",
          "title",
          "lower",
          "upper",
          "pad",
          "truncate");

  /** Those that Docker switches off in a table's title line. */
  static final Set<String> CHANGE_TEXT =
      Set.of("json", "join", "split", "title", "lower", "upper", "pad", "truncate");

  private Functions() {}

  static Object call(String name, List<Object> arguments) {
    return switch (name) {
      case "not" -> !Values.isTrue(only(arguments));
      case "eq" -> Comparison.equalsAny(arguments);
      case "ne" -> !Comparison.equal(two(arguments, 0), two(arguments, 1));
      case "lt" -> Comparison.compare(two(arguments, 0), two(arguments, 1)) < 0;
      case "le" -> Comparison.compare(two(arguments, 0), two(arguments, 1)) <= 0;
      case "gt" -> Comparison.compare(two(arguments, 0), two(arguments, 1)) > 0;
      case "ge" -> Comparison.compare(two(arguments, 0), two(arguments, 1)) >= 0;
      case "len" -> length(only(arguments));
      case "index" -> index(arguments);
      case "slice" -> slice(arguments);
      case "print" -> print(arguments);
      case "println" -> println(arguments);
      case "printf" ->
          Printf.format(text(first(arguments)), arguments.subList(1, arguments.size()));
      case "html" -> html(print(arguments));
      case "js" -> js(print(arguments));
      case "urlquery" -> URLEncoder.encode(print(arguments), StandardCharsets.UTF_8);
      case "json" -> Json.write(Values.toJson(only(arguments)));
      case "join" -> join(two(arguments, 0), text(two(arguments, 1)));
      case "split" -> split(text(two(arguments, 0)), text(two(arguments, 1)));
      case "title" -> title(text(only(arguments)));
      case "lower" -> text(only(arguments)).toLowerCase(Locale.ROOT);
      case "upper" -> text(only(arguments)).toUpperCase(Locale.ROOT);
      case "pad" -> pad(arguments);
      case "truncate" -> truncate(text(two(arguments, 0)), number(two(arguments, 1)));
      default -> throw new TemplateException("function " + GoText.quote(name) + " not defined");
    };
  }

  private static Object first(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new TemplateException("wrong number of args: want at least 1 got 0");
    }
    return arguments.getFirst();
  }

  private static Object only(List<Object> arguments) {
    if (arguments.size() != 1) {
      throw new TemplateException("wrong number of args: want 1 got " + arguments.size());
    }
    return arguments.getFirst();
  }

  private static Object two(List<Object> arguments, int which) {
    if (arguments.size() != 2) {
      throw new TemplateException("wrong number of args: want 2 got " + arguments.size());
    }
    return arguments.get(which);
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateException("wrong type: expected string; found " + Values.typeName(value));
  }

  private static int number(Object value) {
    if (value instanceof Long number && number == (int) (long) number) {
      return (int) (long) number;
    }
    throw new TemplateException("wrong type: expected int; found " + Values.typeName(value));
  }

  private static Object length(Object value) {
    return switch (value) {
      case String text -> (long) text.getBytes(StandardCharsets.UTF_8).length;
      case List<?> list -> (long) list.size();
      case Map<?, ?> map -> (long) map.size();
      case null -> throw new TemplateException("len of nil pointer");
      case Object other -> throw new TemplateException("len of type " + Values.typeName(other));
    };
  }

  private static Object index(List<Object> arguments) {
    Object value = first(arguments);
    for (Object key : arguments.subList(1, arguments.size())) {
      value = indexOne(value, key);
    }
    return value;
  }

  private static Object indexOne(Object value, Object key) {
    return switch (value) {
      case List<?> list -> list.get(position(list.size(), key));
      case String text -> (long) text.charAt(position(text.length(), key));
      // As Go does with a map of strings: a key that is not there has the empty value.
      case Map<?, ?> map -> map.containsKey(text(key)) ? map.get(text(key)) : "";
      case Row row when row.names().contains(text(key)) -> row.field(text(key));
      case null -> throw new TemplateException("index of untyped nil");
      case Object other ->
          throw new TemplateException("can't index item of type " + Values.typeName(other));
    };
  }

  private static int position(int size, Object key) {
    int position = number(key);
    if (position < 0 || position >= size) {
      throw new TemplateException("index out of range: " + position);
    }
    return position;
  }

  private static Object slice(List<Object> arguments) {
    Object value = first(arguments);
    int size = Math.toIntExact((Long) length(value));
    int from = arguments.size() > 1 ? number(arguments.get(1)) : 0;
    int to = arguments.size() > 2 ? number(arguments.get(2)) : size;
    if (arguments.size() > 3 || from < 0 || to > size || from > to) {
      throw new TemplateException("invalid slice index: " + from + " to " + to + " of " + size);
    }
    return switch (value) {
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        yield new String(bytes, from, to - from, StandardCharsets.UTF_8);
      }
      case List<?> list -> list.subList(from, to);
      default -> throw new TemplateException("can't slice item of type " + Values.typeName(value));
    };
  }

  /** Go's {@code fmt.Sprint}: a space between two values of which neither is a string. */
  private static String print(List<Object> arguments) {
    StringBuilder out = new StringBuilder();
    boolean afterString = true;
    for (Object argument : arguments) {
      boolean string = argument instanceof String;
      out.append(!afterString && !string ? " " : "").append(GoText.plain(argument));
      afterString = string;
    }
    return out.toString();
  }

  private static String println(List<Object> arguments) {
    List<String> texts = new ArrayList<>();
    arguments.forEach(argument -> texts.add(GoText.plain(argument)));
    return String.join(" ", texts) + "\n";
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  private static String js(String text) {
    return text.replace("\\", "\\\\")
        .replace("'", "\\'")
        .replace("\"", "\\\"")
        .replace("<", "\\u003C")
        .replace(">", "\\u003E")
        .replace("&", "\\u0026")
        .replace("=", "\\u003D")
        .replace("\n", "\\u000A");
  }

  private static String join(Object list, String separator) {
    if (!(list instanceof List<?> elements)) {
      throw new TemplateException("wrong type: expected list; found " + Values.typeName(list));
    }
    List<String> texts = new ArrayList<>();
    elements.forEach(element -> texts.add(GoText.plain(element)));
    return String.join(separator, texts);
  }

  private static List<Object> split(String text, String separator) {
    if (separator.isEmpty()) {
      List<Object> characters = new ArrayList<>();
      text.codePoints().forEach(c -> characters.add(Character.toString(c)));
      return characters;
    }
    List<Object> parts = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf(separator); to >= 0; to = text.indexOf(separator, from)) {
      parts.add(text.substring(from, to));
      from = to + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(start ? Character.toTitleCase(c) : c);
      start = Character.isWhitespace(c);
    }
    return out.toString();
  }

  private static String pad(List<Object> arguments) {
    if (arguments.size() != 3) {
      throw new TemplateException("wrong number of args: want 3 got " + arguments.size());
    }
    String text = text(arguments.get(0));
    if (text.isEmpty()) {
      return text;
    }
    return " ".repeat(number(arguments.get(1))) + text + " ".repeat(number(arguments.get(2)));
  }

  private static String truncate(String text, int length) {
    int count = text.codePointCount(0, text.length());
    return length < 0 || count <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }
}
