package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The limit of a block device.
 *
 * @param major major number
 * @param minor minor number
 * @param rate bytes or operations per second, unsigned
 * @param extra members that the specification does not know, kept for writing
 */
public record ThrottleDevice(long major, long minor, long rate, JsonObject extra) {

  /** A limit without extra members. */
  public static ThrottleDevice of(long major, long minor, long rate) {
    return new ThrottleDevice(major, minor, rate, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static ThrottleDevice read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new ThrottleDevice(
        in.field("major").int64(), in.field("minor").int64(), in.field("rate").uint64(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("major", major)
        .put("minor", minor)
        .putUnsigned("rate", rate)
        .putAll(extra)
        .build();
  }
}
