package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * The kernel of a virtual machine.
 *
 * @param path absolute path of the kernel
 * @param parameters its command line
 * @param initrd absolute path of an initial ramdisk
 * @param extra members that the specification does not know, kept for writing
 */
public record VmKernel(
    String path, List<String> parameters, Optional<String> initrd, JsonObject extra) {
  public VmKernel {
    parameters = List.copyOf(parameters);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static VmKernel read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new VmKernel(
        in.field("path").string(),
        in.field("parameters").list(JsonCursor::string),
        in.field("initrd").nonEmpty(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("path", path)
        .putUnlessEmpty("parameters", JsonValue.ofStrings(parameters))
        .putIfPresent("initrd", initrd)
        .putAll(extra)
        .build();
  }
}
