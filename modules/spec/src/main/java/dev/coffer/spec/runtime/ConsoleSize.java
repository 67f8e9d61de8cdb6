package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The size of a terminal in characters.
 *
 * @param height rows
 * @param width columns
 * @param extra members that the specification does not know, kept for writing
 */
public record ConsoleSize(long height, long width, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static ConsoleSize read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new ConsoleSize(in.field("height").uint32(), in.field("width").uint32(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder().put("height", height).put("width", width).putAll(extra).build();
  }
}
