package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The priority of traffic through an interface.
 *
 * @param name the interface, in the runtime's network namespace
 * @param priority the priority
 * @param extra members that the specification does not know, kept for writing
 */
public record InterfacePriority(String name, long priority, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static InterfacePriority read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new InterfacePriority(
        in.field("name").string(), in.field("priority").uint32(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder().put("name", name).put("priority", priority).putAll(extra).build();
  }
}
