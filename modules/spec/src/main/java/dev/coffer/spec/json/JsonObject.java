package dev.coffer.spec.json;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * An object. It keeps the order of its members, which does not take part in equality.
 *
 * @param members name to value, unmodifiable
 */
public record JsonObject(SequencedMap<String, JsonValue> members) implements JsonValue {
  /** {@code {}}. */
  public static final JsonObject EMPTY = new JsonObject(new LinkedHashMap<>());

  public JsonObject {
    members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    members.forEach(
        (name, value) -> {
          requireNonNull(name, "name");
          requireNonNull(value, name);
        });
  }

  /** Each entry of a map, in its order, as {@code write} turns the value into JSON. */
  public static <T> JsonObject of(
      Map<String, ? extends T> entries, Function<? super T, ? extends JsonValue> write) {
    Builder builder = builder();
    entries.forEach((name, value) -> builder.put(name, write.apply(value)));
    return builder.build();
  }

  /** A builder without members. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts with this object's members. */
  public Builder toBuilder() {
    return new Builder().putAll(this);
  }

  /** The member of that name, {@code null} ones included. */
  public Optional<JsonValue> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Whether there is a member of that name, {@code null} ones included. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** The number of members. */
  public int size() {
    return members.size();
  }

  /** Whether there are no members. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** This object with the member set: in its old place if there was one, else at the end. */
  public JsonObject with(String name, JsonValue value) {
    return toBuilder().put(name, value).build();
  }

  /** This object without the members of these names. */
  public JsonObject without(Collection<String> names) {
    if (Collections.disjoint(members.keySet(), names)) {
      return this;
    }
    SequencedMap<String, JsonValue> kept = new LinkedHashMap<>(members);
    kept.keySet().removeAll(names);
    return new JsonObject(kept);
  }

  @Override
  public String kind() {
    return "object";
  }

  /**
   * Collects members in order; a name that is put again keeps its first place and gets the new
   * value. For use by one thread.
   */
  public static final class Builder {
    private final SequencedMap<String, JsonValue> members = new LinkedHashMap<>();

    private Builder() {}

    /** Sets a member. */
    public Builder put(String name, JsonValue value) {
      members.put(requireNonNull(name, "name"), requireNonNull(value, name));
      return this;
    }

    /** Sets a string. */
    public Builder put(String name, String value) {
      return put(name, new JsonString(value));
    }

    /** Sets a signed integer. */
    public Builder put(String name, long value) {
      return put(name, JsonNumber.of(value));
    }

    /** Sets a finite floating point number. */
    public Builder put(String name, double value) {
      return put(name, JsonNumber.of(value));
    }

    /** Sets a boolean. */
    public Builder put(String name, boolean value) {
      return put(name, JsonBoolean.of(value));
    }

    /** Sets an integer whose bits are read as unsigned. */
    public Builder putUnsigned(String name, long bits) {
      return put(name, JsonNumber.ofUnsigned(bits));
    }

    /** Sets {@code null}. */
    public Builder putNull(String name) {
      return put(name, JsonNull.NULL);
    }

    /** Sets an array of strings. */
    public Builder putStrings(String name, Collection<String> values) {
      return put(name, JsonValue.ofStrings(values));
    }

    /** Sets an object of strings. */
    public Builder putStrings(String name, Map<String, String> values) {
      return put(name, JsonValue.ofStrings(values));
    }

    /** Sets an array. */
    public <T> Builder putList(
        String name,
        Collection<? extends T> items,
        Function<? super T, ? extends JsonValue> write) {
      return put(name, JsonArray.of(items, write));
    }

    /** Sets an object. */
    public <T> Builder putMap(
        String name,
        Map<String, ? extends T> entries,
        Function<? super T, ? extends JsonValue> write) {
      return put(name, JsonObject.of(entries, write));
    }

    /** Sets a member if there is a value: {@code putIfPresent("hostname", name, JsonValue::of)}. */
    public <T> Builder putIfPresent(
        String name, Optional<? extends T> value, Function<? super T, ? extends JsonValue> write) {
      value.ifPresent(present -> put(name, write.apply(present)));
      return this;
    }

    /** Sets a string if there is one. */
    public Builder putIfPresent(String name, Optional<String> value) {
      return putIfPresent(name, value, JsonString::new);
    }

    /** Sets {@code true}, or nothing. */
    public Builder putIfTrue(String name, boolean value) {
      return value ? put(name, JsonBoolean.TRUE) : this;
    }

    /**
     * Sets a member unless it is {@code null}, {@code false}, 0, or an empty string or container.
     */
    public Builder putUnlessEmpty(String name, JsonValue value) {
      boolean empty =
          switch (value) {
            case JsonObject object -> object.isEmpty();
            case JsonArray array -> array.isEmpty();
            case JsonString string -> string.value().isEmpty();
            case JsonNumber number -> number.text().equals("0");
            case JsonBoolean bool -> !bool.value();
            case JsonNull _ -> true;
          };
      return empty ? this : put(name, value);
    }

    /** Sets all members of another object. */
    public Builder putAll(JsonObject other) {
      members.putAll(other.members);
      return this;
    }

    /** The object. The builder may go on; the object does not change. */
    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}
