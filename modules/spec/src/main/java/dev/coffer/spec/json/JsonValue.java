package dev.coffer.spec.json;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** Any JSON value. Values are immutable and equal when they would be written alike. */
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

  /** The JSON name of this kind of value, for messages: {@code object}, {@code array}, …. */
  String kind();

  /** A string. */
  static JsonValue of(String value) {
    return new JsonString(value);
  }

  /** An integer. */
  static JsonValue of(long value) {
    return JsonNumber.of(value);
  }

  /** {@code true} or {@code false}. */
  static JsonValue of(boolean value) {
    return JsonBoolean.of(value);
  }

  /** An array of strings. */
  static JsonArray ofStrings(Collection<String> values) {
    return JsonArray.of(values, JsonString::new);
  }

  /** An object whose values are strings, in the map's order. */
  static JsonObject ofStrings(Map<String, String> values) {
    return JsonObject.of(values, JsonString::new);
  }

  /** An array of integers. */
  static JsonArray ofNumbers(Collection<? extends Number> values) {
    Function<Number, JsonValue> write = number -> JsonNumber.of(number.longValue());
    return JsonArray.of(values, write);
  }
}
