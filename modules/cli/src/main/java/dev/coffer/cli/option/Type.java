package dev.coffer.cli.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the texts that a user gives for an option become its value.
 *
 * @param name what help shows behind the option, such as {@code list} or {@code bytes}
 * @param takesValue whether a value follows; a switch takes one only as {@code --name=false}
 * @param absent the value when the option is not given
 * @param fold joins the value so far with the next text; throws {@link IllegalArgumentException}
 *     with the reason when the text is wrong
 * @param <T> the value's type; immutable
 */
public record Type<T>(String name, boolean takesValue, T absent, Fold<T> fold) {

  /** Joins a value with the next text. */
  @FunctionalInterface
  public interface Fold<T> {
    /** The value with one more text taken in. */
    T add(T before, String text);
  }

  /** A switch. */
  public static Type<Boolean> toggle() {
    return toggle(false);
  }

  /** A switch with the state it has when not given. */
  public static Type<Boolean> toggle(boolean absent) {
    return new Type<>("", false, absent, (before, text) -> truth(text));
  }

  /** A text; the last one given counts. */
  public static Type<Optional<String>> text() {
    return last("string", text -> text);
  }

  /** A text of which an empty one is none; the last one given counts. */
  public static Type<Optional<String>> nonEmptyText() {
    return new Type<>(
        "string",
        true,
        Optional.empty(),
        (before, text) -> text.isEmpty() ? Optional.empty() : Optional.of(text));
  }

  /** A value of which the last one given counts. */
  public static <V> Type<Optional<V>> last(String name, Function<String, V> parse) {
    return new Type<>(
        name, true, Optional.empty(), (before, text) -> Optional.of(parse.apply(text)));
  }

  /** Texts in the order given. */
  public static Type<List<String>> list() {
    return list("list", text -> text);
  }

  /** Values in the order given. */
  public static <V> Type<List<V>> list(String name, Function<String, V> parse) {
    return new Type<>(
        name,
        true,
        List.of(),
        (before, text) -> {
          List<V> joined = new ArrayList<>(before);
          joined.add(parse.apply(text));
          return Collections.unmodifiableList(joined);
        });
  }

  /**
   * {@code key=value} pairs; a later key replaces an earlier one, a bare key has an empty value.
   */
  public static Type<Map<String, String>> map() {
    return new Type<>(
        "map",
        true,
        Map.of(),
        (before, text) -> {
          int equals = text.indexOf('=');
          String key = equals < 0 ? text : text.substring(0, equals);
          if (key.isEmpty()) {
            throw new IllegalArgumentException("invalid empty key in '" + text + "'");
          }
          Map<String, String> joined = new LinkedHashMap<>(before);
          joined.put(key, equals < 0 ? "" : text.substring(equals + 1));
          return Collections.unmodifiableMap(joined);
        });
  }

  /** A whole number. */
  public static Type<Optional<Integer>> integer() {
    return last("int", Type::parseInteger);
  }

  /** A whole number of 64 bits. */
  public static Type<Optional<Long>> longInteger() {
    return last("int", Type::parseLong);
  }

  /** A decimal number, kept in billionths. */
  public static Type<Optional<Long>> billionths() {
    return last("decimal", Type::parseBillionths);
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      case String other ->
          throw new IllegalArgumentException(
              "invalid boolean \"" + other + "\": use true or false");
    };
  }

  private static int parseInteger(String text) {
    long value = parseLong(text);
    if (value != (int) value) {
      throw new IllegalArgumentException("number out of range: \"" + text + "\"");
    }
    return (int) value;
  }

  private static long parseLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a whole number: \"" + text + "\"", e);
    }
  }

  private static long parseBillionths(String text) {
    try {
      return new BigDecimal(text)
          .movePointRight(9)
          .setScale(0, RoundingMode.UNNECESSARY)
          .longValueExact();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a decimal number: \"" + text + "\"", e);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("number out of range or too precise: \"" + text + "\"", e);
    }
  }
}
