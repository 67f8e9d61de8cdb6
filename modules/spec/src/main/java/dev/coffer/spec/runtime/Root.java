package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The root file system of a container.
 *
 * @param path absolute, or relative to the bundle
 * @param readonly whether it is read-only inside
 * @param extra members that the specification does not know, kept for writing
 */
public record Root(String path, boolean readonly, JsonObject extra) {

  /** A root file system without extra members. */
  public static Root of(String path, boolean readonly) {
    return new Root(path, readonly, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Root read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Root(in.field("path").string(), in.field("readonly").boolOrFalse(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("path", path)
        .putIfTrue("readonly", readonly)
        .putAll(extra)
        .build();
  }
}
