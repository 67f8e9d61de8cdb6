package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * The limits of an RDMA device; at least one is required.
 *
 * @param hcaHandles handles
 * @param hcaObjects objects
 * @param extra members that the specification does not know, kept for writing
 */
public record Rdma(Optional<Long> hcaHandles, Optional<Long> hcaObjects, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Rdma read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Rdma(
        in.field("hcaHandles").optional(JsonCursor::uint32),
        in.field("hcaObjects").optional(JsonCursor::uint32),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("hcaHandles", hcaHandles, JsonNumber::of)
        .putIfPresent("hcaObjects", hcaObjects, JsonNumber::of)
        .putAll(extra)
        .build();
  }
}
