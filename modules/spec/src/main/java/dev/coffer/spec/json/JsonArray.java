package dev.coffer.spec.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** An array. */
public record JsonArray(List<JsonValue> elements) implements JsonValue, Iterable<JsonValue> {
  /** {@code []}. */
  public static final JsonArray EMPTY = new JsonArray(List.of());

  public JsonArray {
    elements = List.copyOf(elements);
  }

  /** The given values. */
  public static JsonArray of(JsonValue... elements) {
    return new JsonArray(List.of(elements));
  }

  /** Each item as {@code write} turns it into JSON. */
  public static <T> JsonArray of(
      Collection<? extends T> items, Function<? super T, ? extends JsonValue> write) {
    List<JsonValue> elements = new ArrayList<>(items.size());
    for (T item : items) {
      elements.add(write.apply(item));
    }
    return new JsonArray(elements);
  }

  /** The number of elements. */
  public int size() {
    return elements.size();
  }

  /** Whether there are no elements. */
  public boolean isEmpty() {
    return elements.isEmpty();
  }

  /** The elements in order. */
  public Stream<JsonValue> stream() {
    return elements.stream();
  }

  @Override
  public Iterator<JsonValue> iterator() {
    return elements.iterator();
  }

  @Override
  public String kind() {
    return "array";
  }
}
