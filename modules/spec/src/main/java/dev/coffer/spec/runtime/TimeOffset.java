package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * The offset of a clock in a time namespace; time_namespaces(7).
 *
 * @param secs seconds
 * @param nanosecs nanoseconds
 * @param extra members that the specification does not know, kept for writing
 */
public record TimeOffset(Optional<Long> secs, Optional<Long> nanosecs, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static TimeOffset read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new TimeOffset(
        in.field("secs").optional(JsonCursor::int64),
        in.field("nanosecs").optional(JsonCursor::uint32),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("secs", secs, JsonNumber::of)
        .putIfPresent("nanosecs", nanosecs, JsonNumber::of)
        .putAll(extra)
        .build();
  }
}
