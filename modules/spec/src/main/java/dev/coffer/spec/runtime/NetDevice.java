package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * A network device that is moved into the container.
 *
 * @param name its name inside, perhaps with {@code %d}; absent keeps the name
 * @param extra members that the specification does not know, kept for writing
 */
public record NetDevice(Optional<String> name, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static NetDevice read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new NetDevice(in.field("name").nonEmpty(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder().putIfPresent("name", name).putAll(extra).build();
  }
}
