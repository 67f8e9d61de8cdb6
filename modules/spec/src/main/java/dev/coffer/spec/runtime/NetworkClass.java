package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Network class and priorities of a cgroup (v1: net_cls and net_prio).
 *
 * @param classId class that packets are tagged with
 * @param priorities priorities by interface
 * @param extra members that the specification does not know, kept for writing
 */
public record NetworkClass(
    Optional<Long> classId, List<InterfacePriority> priorities, JsonObject extra) {
  public NetworkClass {
    priorities = List.copyOf(priorities);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static NetworkClass read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new NetworkClass(
        in.field("classID").optional(JsonCursor::uint32),
        in.field("priorities").list(InterfacePriority::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("classID", classId, JsonNumber::of)
        .putUnlessEmpty("priorities", JsonArray.of(priorities, InterfacePriority::toJson))
        .putAll(extra)
        .build();
  }
}
