package dev.coffer.cli.template;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Template data from JSON and back. */
public final class Values {

  /** What a field that is not there gives; it prints as {@code <no value>}. */
  enum Absent {
    VALUE
  }

  private Values() {}

  /** The plain value of a JSON value; null for JSON's null. */
  public static Object of(JsonValue value) {
    return switch (value) {
      case JsonNull _ -> null;
      case JsonBoolean bool -> bool.value();
      case JsonNumber number -> number(number.text());
      case JsonString string -> string.value();
      case JsonArray array -> {
        List<Object> elements = new ArrayList<>(array.size());
        for (JsonValue element : array) {
          elements.add(of(element));
        }
        yield elements;
      }
      case JsonObject object -> {
        Map<String, Object> members = LinkedHashMap.newLinkedHashMap(object.size());
        object.members().forEach((name, member) -> members.put(name, of(member)));
        yield members;
      }
    };
  }

  /** The JSON value of template data. */
  public static JsonValue toJson(Object value) {
    return switch (value) {
      case null -> JsonNull.NULL;
      case Boolean bool -> JsonBoolean.of(bool);
      case Long number -> JsonNumber.of(number);
      case Integer number -> JsonNumber.of(number);
      case Double number -> JsonNumber.of(number);
      case List<?> list -> JsonArray.of(list, Values::toJson);
      case Map<?, ?> map -> {
        JsonObject.Builder object = JsonObject.builder();
        map.forEach((name, member) -> object.put(String.valueOf(name), toJson(member)));
        yield object.build();
      }
      case Row row -> {
        Map<String, Object> fields = new TreeMap<>();
        for (String name : row.names()) {
          Object field = row.field(name);
          if (!(field instanceof Method)) {
            fields.put(name, field);
          }
        }
        yield toJson(fields);
      }
      case Object other -> other == Absent.VALUE ? JsonNull.NULL : new JsonString(other.toString());
    };
  }

  /** Whether a value counts as true: not false, zero, empty or missing. */
  static boolean isTrue(Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case Long number -> number != 0;
      case Integer number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case Object other -> other != Absent.VALUE;
    };
  }

  /** Go's name of a value's type, for messages. */
  static String typeName(Object value) {
    return switch (value) {
      case null -> "nil";
      case Boolean _ -> "bool";
      case Long _, Integer _ -> "int";
      case Double _ -> "float64";
      case String _ -> "string";
      case List<?> _ -> "[]interface {}";
      case Map<?, ?> _ -> "map[string]interface {}";
      case Object other -> other == Absent.VALUE ? "nil" : "row";
    };
  }

  private static Object number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Double.parseDouble(text);
    }
  }
}
