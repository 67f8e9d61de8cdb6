package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * A range of ids in the container and the equally long one on the host; user_namespaces(7).
 *
 * @param containerId first id in the container
 * @param hostId first id on the host
 * @param size number of ids
 * @param extra members that the specification does not know, kept for writing
 */
public record IdMapping(long containerId, long hostId, long size, JsonObject extra) {

  /** A mapping without extra members. */
  public static IdMapping of(long containerId, long hostId, long size) {
    return new IdMapping(containerId, hostId, size, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static IdMapping read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new IdMapping(
        in.field("containerID").uint32(),
        in.field("hostID").uint32(),
        in.field("size").uint32(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("containerID", containerId)
        .put("hostID", hostId)
        .put("size", size)
        .putAll(extra)
        .build();
  }
}
