package dev.coffer.engine.state;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records as JSON: the record's own components are the schema of a state file.
 *
 * <p>Strings, whole numbers, booleans, enums, {@link Instant}, {@link Duration} (nanoseconds),
 * {@link JsonObject}, optionals, lists, maps by string, records, and sealed interfaces of records
 * (told apart by a member {@code type}). What is empty, zero or false is left out, and what is left
 * out reads as that: so a component can be added without breaking the files of an older engine, and
 * members that a newer one wrote are ignored.
 */
public final class RecordJson {

  private static final String TYPE = "type";

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private RecordJson() {}

  /** The record as an object. */
  public static JsonObject write(Record value) {
    Shape shape = SHAPES.get(value.getClass());
    JsonObject.Builder object = JsonObject.builder();
    for (RecordComponent component : shape.components) {
      Object part = shape.read(component, value);
      Type type = component.getGenericType();
      if (rawClass(type) == Optional.class) {
        // A present empty list says something that an absent one does not.
        ((Optional<?>) part)
            .ifPresent(
                present -> object.put(component.getName(), writeValue(present, argument(type, 0))));
      } else {
        object.putUnlessEmpty(component.getName(), writeValue(part, type));
      }
    }
    return object.build();
  }

  /**
   * Reads a record.
   *
   * @throws dev.coffer.spec.SpecException that names document and path when it cannot be one
   */
  public static <T extends Record> T read(Class<T> type, JsonCursor cursor) {
    return type.cast(readValue(type, cursor));
  }

  private static JsonValue writeValue(Object value, Type type) {
    return switch (value) {
      case String text -> JsonValue.of(text);
      case Integer number -> JsonValue.of(number.longValue());
      case Long number -> JsonValue.of(number);
      case Boolean bool -> JsonValue.of(bool);
      case Enum<?> constant -> JsonValue.of(constant.name());
      case Instant instant -> JsonValue.of(instant.toString());
      case Duration duration -> JsonValue.of(duration.toNanos());
      case JsonValue json -> json;
      case List<?> list -> JsonArray.of(list, item -> writeValue(item, argument(type, 0)));
      case Map<?, ?> map -> writeMap(map, argument(type, 1));
      case Record record when rawClass(type).isInterface() ->
          write(record).with(TYPE, new JsonString(record.getClass().getSimpleName()));
      case Record record -> write(record);
      default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
    };
  }

  private static JsonValue writeMap(Map<?, ?> map, Type valueType) {
    JsonObject.Builder object = JsonObject.builder();
    map.forEach((key, value) -> object.put((String) key, writeValue(value, valueType)));
    return object.build();
  }

  private static Object readValue(Type type, JsonCursor cursor) {
    Class<?> raw = rawClass(type);
    if (raw == String.class) {
      return cursor.stringOrEmpty();
    } else if (raw == int.class || raw == Integer.class) {
      return cursor.orElse(JsonCursor::int32, 0);
    } else if (raw == long.class || raw == Long.class) {
      return cursor.orElse(JsonCursor::int64, 0L);
    } else if (raw == boolean.class || raw == Boolean.class) {
      return cursor.boolOrFalse();
    } else if (raw == Instant.class) {
      return cursor.parse(Instant::parse);
    } else if (raw == Duration.class) {
      return Duration.ofNanos(cursor.orElse(JsonCursor::int64, 0L));
    } else if (raw == JsonObject.class) {
      return cursor.object();
    } else if (raw == Optional.class) {
      return cursor.optional(present -> readValue(argument(type, 0), present));
    } else if (raw == List.class) {
      return cursor.list(element -> readValue(argument(type, 0), element));
    } else if (raw == Map.class) {
      return cursor.map(member -> readValue(argument(type, 1), member));
    } else if (raw.isEnum()) {
      return readEnum(raw, cursor);
    } else if (raw.isSealed()) {
      return readRecord(variant(raw, cursor), cursor);
    } else {
      return readRecord(raw, cursor);
    }
  }

  private static Object readRecord(Class<?> type, JsonCursor cursor) {
    Shape shape = SHAPES.get(type);
    List<Object> parts = new ArrayList<>(shape.components.size());
    for (RecordComponent component : shape.components) {
      parts.add(readValue(component.getGenericType(), cursor.field(component.getName())));
    }
    return shape.construct(parts, cursor);
  }

  private static Object readEnum(Class<?> type, JsonCursor cursor) {
    String name = cursor.string();
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw cursor.failure("unknown constant \"" + name + "\"");
  }

  private static Class<?> variant(Class<?> sealed, JsonCursor cursor) {
    String name = cursor.field(TYPE).string();
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.getSimpleName().equals(name)) {
        return permitted;
      }
    }
    throw cursor.failure("unknown type \"" + name + "\"");
  }

  private static Class<?> rawClass(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  /** A record class's components and canonical constructor, looked up once. */
  private record Shape(List<RecordComponent> components, Constructor<?> constructor) {

    static Shape of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        components[i].getAccessor().setAccessible(true);
      }
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return new Shape(List.of(components), constructor);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("every record has a canonical constructor", e);
      }
    }

    Object read(RecordComponent component, Record value) {
      try {
        return component.getAccessor().invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }

    Object construct(List<Object> parts, JsonCursor cursor) {
      try {
        return constructor.newInstance(parts.toArray());
      } catch (ReflectiveOperationException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw cursor.failure("not acceptable: " + cause.getMessage());
      }
    }
  }
}
