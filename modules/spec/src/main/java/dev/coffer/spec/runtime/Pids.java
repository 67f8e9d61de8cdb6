package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * The number of tasks in the cgroup.
 *
 * @param limit maximum; -1 is unlimited, and 0 is a limit
 * @param extra members that the specification does not know, kept for writing
 */
public record Pids(Optional<Long> limit, JsonObject extra) {

  /** A limit without extra members. */
  public static Pids of(long limit) {
    return new Pids(Optional.of(limit), JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Pids read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Pids(in.field("limit").optional(JsonCursor::int64), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder().putIfPresent("limit", limit, JsonNumber::of).putAll(extra).build();
  }
}
