package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The root image of a virtual machine.
 *
 * @param path absolute path of the image
 * @param format such as {@code raw} or {@code qcow2}
 * @param extra members that the specification does not know, kept for writing
 */
public record VmImage(String path, String format, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static VmImage read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new VmImage(in.field("path").string(), in.field("format").string(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder().put("path", path).put("format", format).putAll(extra).build();
  }
}
