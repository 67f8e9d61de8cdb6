package dev.coffer.spec.json;

import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A place in a document, perhaps an empty one, that knows its path.
 *
 * <p>{@link #field} and {@link #element} step down and never fail for what is missing; the reading
 * methods fail with a {@link SpecException} that names document and path: {@code config.json:
 * mounts[2].destination: must be a string, is a number}. A member that is {@code null} counts as
 * missing, as it does for the engines written in Go. Optional parts read as {@code
 * cursor.field("user").optional(JsonCursor::string)}; any {@code Function<JsonCursor, T>} is a
 * decoder and can be given to {@link #optional}, {@link #list} and {@link #map}.
 */
public final class JsonCursor {
  private static final long UINT32_MAX = 0xffff_ffffL;

  private final String document;
  private final JsonCursor parent;
  private final String step;
  private final JsonValue value;

  private JsonCursor(String document, JsonCursor parent, String step, JsonValue value) {
    this.document = document;
    this.parent = parent;
    this.step = step;
    this.value = value;
  }

  /**
   * A cursor at the root of a document.
   *
   * @param document what messages call it, such as {@code config.json}; may be empty
   */
  public static JsonCursor of(String document, JsonValue root) {
    return new JsonCursor(document, null, "", root);
  }

  /** Parses a document and stands at its root. Messages about its syntax name it, too. */
  public static JsonCursor read(String document, byte[] utf8, Limits limits) {
    try {
      return of(document, Json.parse(utf8, limits));
    } catch (SpecException e) {
      throw new SpecException(document + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #read(String, byte[], Limits)}, from a stream up to its end. */
  public static JsonCursor read(String document, InputStream utf8, Limits limits)
      throws IOException {
    try {
      return of(document, Json.parse(utf8, limits));
    } catch (SpecException e) {
      throw new SpecException(document + ": " + e.getMessage(), e);
    }
  }

  /** The member of an object, which may be missing. Fails when this is there and no object. */
  public JsonCursor field(String name) {
    JsonValue member = isPresent() ? object().members().get(name) : null;
    return new JsonCursor(document, this, fieldStep(name), member);
  }

  /** The element of an array, which may be missing. Fails when this is there and no array. */
  public JsonCursor element(int index) {
    List<JsonValue> elements = isPresent() ? array().elements() : List.of();
    JsonValue element = index >= 0 && index < elements.size() ? elements.get(index) : null;
    return new JsonCursor(document, this, "[" + index + "]", element);
  }

  /** Whether there is a value other than {@code null}. */
  public boolean isPresent() {
    return value != null && !(value instanceof JsonNull);
  }

  /** The value, which must be present. */
  public JsonValue value() {
    if (!isPresent()) {
      throw failure("is missing");
    }
    return value;
  }

  /** The value by a decoder, or empty when it is missing. */
  public <T> Optional<T> optional(Function<? super JsonCursor, ? extends T> decode) {
    return isPresent() ? Optional.of(decode.apply(this)) : Optional.empty();
  }

  /** The value by a decoder, or another one when it is missing. */
  public <T> T orElse(Function<? super JsonCursor, ? extends T> decode, T other) {
    return isPresent() ? decode.apply(this) : other;
  }

  /** The elements of an array by a decoder; a missing array is an empty list. */
  public <T> List<T> list(Function<? super JsonCursor, ? extends T> decode) {
    if (!isPresent()) {
      return List.of();
    }
    int size = array().size();
    List<T> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(decode.apply(element(i)));
    }
    return List.copyOf(items);
  }

  /** The members of an object by a decoder, in order; a missing object is an empty map. */
  public <T> SequencedMap<String, T> map(Function<? super JsonCursor, ? extends T> decode) {
    SequencedMap<String, T> entries = new LinkedHashMap<>();
    if (isPresent()) {
      for (String name : object().members().keySet()) {
        entries.put(name, decode.apply(field(name)));
      }
    }
    return Collections.unmodifiableSequencedMap(entries);
  }

  /** An object. */
  public JsonObject object() {
    if (value() instanceof JsonObject object) {
      return object;
    }
    throw mustBe("an object");
  }

  /** An array. */
  public JsonArray array() {
    if (value() instanceof JsonArray array) {
      return array;
    }
    throw mustBe("an array");
  }

  /** A string. */
  public String string() {
    if (value() instanceof JsonString string) {
      return string.value();
    }
    throw mustBe("a string");
  }

  /** A string, or {@code ""} when it is missing. */
  public String stringOrEmpty() {
    return isPresent() ? string() : "";
  }

  /** A string, where an empty one counts as missing. */
  public Optional<String> nonEmpty() {
    return optional(JsonCursor::string).filter(text -> !text.isEmpty());
  }

  /** A boolean. */
  public boolean bool() {
    if (value() instanceof JsonBoolean bool) {
      return bool.value();
    }
    throw mustBe("a boolean");
  }

  /** A boolean, or {@code false} when it is missing. */
  public boolean boolOrFalse() {
    return isPresent() && bool();
  }

  /** Any number, as the nearest double. */
  public double float64() {
    if (value() instanceof JsonNumber number) {
      return number.asDouble();
    }
    throw mustBe("a number");
  }

  /** An integer within bounds, both included. */
  public long integer(long min, long max) {
    if (!(value() instanceof JsonNumber number)) {
      throw mustBe("an integer");
    }
    long integer = number.asLong().orElseGet(() -> mustBeInteger(min, max));
    return integer >= min && integer <= max ? integer : mustBeInteger(min, max);
  }

  /** A signed integer of 32 bits. */
  public int int32() {
    return (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** An unsigned integer of 32 bits: 0 to 4294967295. */
  public long uint32() {
    return integer(0, UINT32_MAX);
  }

  /** A signed integer of 64 bits. */
  public long int64() {
    return integer(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The bits of an unsigned integer of 64 bits: 18446744073709551615 is -1. */
  public long uint64() {
    if (!(value() instanceof JsonNumber number)) {
      throw mustBe("an integer");
    }
    return number
        .asUnsignedLong()
        .orElseThrow(
            () -> failure("must be an integer from 0 to 18446744073709551615, is " + shown()));
  }

  /**
   * A string that a conversion understands. What the conversion says in an {@link
   * IllegalArgumentException} becomes the problem at this path.
   */
  public <T> T parse(Function<? super String, ? extends T> conversion) {
    String text = string();
    try {
      return conversion.apply(text);
    } catch (IllegalArgumentException e) {
      throw new SpecException(at(String.valueOf(e.getMessage())), e);
    }
  }

  /** A constant whose name, as {@code spelling} gives it, is the string. */
  public <E extends Enum<E>> E constant(Class<E> type, Function<? super E, String> spelling) {
    String text = string();
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (spelling.apply(constant).equals(text)) {
        return constant;
      }
      known.add(spelling.apply(constant));
    }
    throw failure("must be one of " + String.join(", ", known) + ", is " + shown());
  }

  /** The members of this object other than the named ones; nothing when it is missing. */
  public JsonObject without(Collection<String> names) {
    return isPresent() ? object().without(names) : JsonObject.EMPTY;
  }

  /** The path from the root, such as {@code mounts[2].destination}; empty at the root. */
  public String path() {
    StringBuilder path = new StringBuilder();
    appendPath(path);
    return path.toString();
  }

  /** A failure at this place: {@code <document>: <path>: <problem>}, for the caller to throw. */
  public SpecException failure(String problem) {
    return new SpecException(at(problem));
  }

  @Override
  public String toString() {
    return at(value == null ? "missing" : shown());
  }

  private String at(String problem) {
    StringBuilder message = new StringBuilder(document);
    String path = path();
    if (!document.isEmpty()) {
      message.append(": ");
    }
    if (!path.isEmpty()) {
      message.append(path).append(": ");
    }
    return message.append(problem).toString();
  }

  private void appendPath(StringBuilder path) {
    if (parent != null) {
      parent.appendPath(path);
      path.append(path.isEmpty() && step.startsWith(".") ? step.substring(1) : step);
    }
  }

  private SpecException mustBe(String what) {
    return failure("must be " + what + ", is " + describe(value));
  }

  private long mustBeInteger(long min, long max) {
    throw failure("must be an integer from " + min + " to " + max + ", is " + shown());
  }

  private String shown() {
    String text = Json.write(value);
    return text.length() <= 80 ? text : text.substring(0, 79) + "…";
  }

  private static String describe(JsonValue value) {
    String kind = value.kind();
    return (kind.matches("[aeiou].*") ? "an " : "a ") + kind;
  }

  /** Names that are no plain words stand in brackets, so that a path can be read back. */
  private static String fieldStep(String name) {
    boolean plain = !name.isEmpty() && name.chars().allMatch(JsonCursor::isPlain);
    return plain ? "." + name : "[" + Json.write(new JsonString(name)) + "]";
  }

  private static boolean isPlain(int c) {
    return c == '_' || c == '-' || c == '$' || (c < 0x80 && Character.isLetterOrDigit(c));
  }
}
