package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * I/O priority; ioprio_set(2).
 *
 * @param ioClass the class
 * @param priority 0 (highest) to 7 (lowest); 0 where a config has none, as its schema allows
 * @param extra members that the specification does not know, kept for writing
 */
public record IoPriority(IoPriorityClass ioClass, int priority, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static IoPriority read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new IoPriority(
        in.field("class").constant(IoPriorityClass.class, IoPriorityClass::spelling),
        in.field("priority").orElse(JsonCursor::int32, 0),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("class", ioClass.spelling())
        .put("priority", priority)
        .putAll(extra)
        .build();
  }
}
