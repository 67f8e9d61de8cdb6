package dev.coffer.conformance.oci;

import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON document as plain maps, lists, strings, longs, doubles and booleans, that tests edit and
 * read by path: {@code process.user.uid}, {@code mounts.0.destination}. A name that has a dot in it
 * is written with a slash between the names instead: {@code annotations/org.example.key}.
 */
record Tree(Object root) {

  static Tree parse(String text) {
    return new Tree(plain(Json.parse(text, Limits.STATE)));
  }

  String write() {
    return Json.write(value(root), 2);
  }

  /** What is at a path, {@code null} when there is nothing. */
  Object at(String path) {
    Object node = root;
    for (String name : names(path)) {
      node = child(node, name);
    }
    return node;
  }

  /** The text of what is at a path. */
  String text(String path) {
    return String.valueOf(at(path));
  }

  long number(String path) {
    return ((Number) at(path)).longValue();
  }

  /** Sets a value and makes the objects on the way to it. */
  void set(String path, Object value) {
    List<String> names = names(path);
    Object node = root;
    for (String name : names.subList(0, names.size() - 1)) {
      Object next = child(node, name);
      if (next == null) {
        next = new LinkedHashMap<String, Object>();
        object(node).put(name, next);
      }
      node = next;
    }
    String last = names.getLast();
    if (node instanceof List<?>) {
      array(node).set(Integer.parseInt(last), copy(value));
    } else {
      object(node).put(last, copy(value));
    }
  }

  /** Appends to an array, which is made when there is none. */
  void add(String path, Object value) {
    if (at(path) == null) {
      set(path, List.of());
    }
    array(at(path)).add(copy(value));
  }

  void remove(String path) {
    List<String> names = names(path);
    Object node = root;
    for (String name : names.subList(0, names.size() - 1)) {
      node = child(node, name);
    }
    if (node != null) {
      object(node).remove(names.getLast());
    }
  }

  /** The objects of an array, none when there is no array. */
  List<Tree> list(String path) {
    return at(path) instanceof List<?> items
        ? items.stream().map(item -> new Tree((Object) item)).toList()
        : List.of();
  }

  private static List<String> names(String path) {
    return List.of(path.split(path.contains("/") ? "/" : "\\."));
  }

  private static Object child(Object node, String name) {
    return switch (node) {
      case Map<?, ?> object -> object.get(name);
      case List<?> array -> array.get(Integer.parseInt(name));
      case null, default -> null;
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object node) {
    return (Map<String, Object>) node;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> array(Object node) {
    return (List<Object>) node;
  }

  /** A mutable copy, so that what a table of cases shares stays as it is. */
  private static Object copy(Object value) {
    return switch (value) {
      case Map<?, ?> object -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        object.forEach((name, member) -> copy.put((String) name, copy(member)));
        yield copy;
      }
      case List<?> array -> {
        List<Object> copy = new ArrayList<>();
        array.forEach(item -> copy.add(copy(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static Object plain(JsonValue value) {
    return switch (value) {
      case JsonObject object -> {
        Map<String, Object> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> members.put(name, plain(member)));
        yield members;
      }
      case JsonArray array -> {
        List<Object> items = new ArrayList<>();
        array.forEach(item -> items.add(plain(item)));
        yield items;
      }
      case JsonString string -> string.value();
      case JsonBoolean bool -> bool.value();
      case JsonNull _ -> null;
      case JsonNumber number when number.asLong().isPresent() -> number.asLong().getAsLong();
      case JsonNumber number -> number.asDouble();
    };
  }

  private static JsonValue value(Object plain) {
    return switch (plain) {
      case null -> JsonNull.NULL;
      case Map<?, ?> object -> {
        JsonObject.Builder members = JsonObject.builder();
        object.forEach((name, member) -> members.put((String) name, value(member)));
        yield members.build();
      }
      case List<?> array -> JsonArray.of(array, Tree::value);
      case String string -> JsonValue.of(string);
      case Boolean bool -> JsonValue.of(bool);
      case Double number -> JsonNumber.of(number);
      case Number number -> JsonValue.of(number.longValue());
      default -> throw new IllegalArgumentException("not JSON: " + plain.getClass());
    };
  }
}
