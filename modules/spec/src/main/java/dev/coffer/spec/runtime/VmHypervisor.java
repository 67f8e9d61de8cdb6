package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/**
 * The hypervisor of a virtual machine.
 *
 * @param path absolute path of its program
 * @param parameters its arguments
 * @param extra members that the specification does not know, kept for writing
 */
public record VmHypervisor(String path, List<String> parameters, JsonObject extra) {
  public VmHypervisor {
    parameters = List.copyOf(parameters);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static VmHypervisor read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new VmHypervisor(
        in.field("path").string(), in.field("parameters").list(JsonCursor::string), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("path", path)
        .putUnlessEmpty("parameters", JsonValue.ofStrings(parameters))
        .putAll(extra)
        .build();
  }
}
