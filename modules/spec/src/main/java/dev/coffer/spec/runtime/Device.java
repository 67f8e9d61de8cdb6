package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * A device node that must be in the container.
 *
 * @param type character, block or FIFO; never {@link DeviceType#ALL}
 * @param path absolute path inside
 * @param major major number; 0 for a FIFO
 * @param minor minor number; 0 for a FIFO
 * @param fileMode permission bits (written in decimal); absent leaves it to the runtime
 * @param uid owner inside the container
 * @param gid group inside the container
 * @param extra members that the specification does not know, kept for writing
 */
public record Device(
    DeviceType type,
    String path,
    long major,
    long minor,
    Optional<Integer> fileMode,
    Optional<Long> uid,
    Optional<Long> gid,
    JsonObject extra) {

  /** A device node of root with the given permission bits. */
  public static Device of(DeviceType type, String path, long major, long minor, int fileMode) {
    return new Device(
        type,
        path,
        major,
        minor,
        Optional.of(fileMode),
        Optional.of(0L),
        Optional.of(0L),
        JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Device read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    DeviceType type = in.field("type").constant(DeviceType.class, DeviceType::spelling);
    return new Device(
        type,
        in.field("path").string(),
        number(in.field("major"), type),
        number(in.field("minor"), type),
        in.field("fileMode").optional(c -> (int) c.integer(0, Integer.MAX_VALUE)),
        in.field("uid").optional(JsonCursor::uint32),
        in.field("gid").optional(JsonCursor::uint32),
        in.rest());
  }

  private static long number(JsonCursor json, DeviceType type) {
    return type == DeviceType.FIFO ? json.orElse(JsonCursor::int64, 0L) : json.int64();
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("type", type.spelling())
        .put("path", path)
        .put("major", major)
        .put("minor", minor)
        .putIfPresent("fileMode", fileMode, JsonNumber::of)
        .putIfPresent("uid", uid, JsonNumber::of)
        .putIfPresent("gid", gid, JsonNumber::of)
        .putAll(extra)
        .build();
  }
}
