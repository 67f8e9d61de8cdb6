package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * The weight of a block device; at least one of the two is required.
 *
 * @param major major number
 * @param minor minor number
 * @param weight weight of the group for the device
 * @param leafWeight weight against child groups
 * @param extra members that the specification does not know, kept for writing
 */
public record WeightDevice(
    long major,
    long minor,
    Optional<Integer> weight,
    Optional<Integer> leafWeight,
    JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static WeightDevice read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new WeightDevice(
        in.field("major").int64(),
        in.field("minor").int64(),
        in.field("weight").optional(c -> (int) c.integer(0, 0xffff)),
        in.field("leafWeight").optional(c -> (int) c.integer(0, 0xffff)),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("major", major)
        .put("minor", minor)
        .putIfPresent("weight", weight, JsonNumber::of)
        .putIfPresent("leafWeight", leafWeight, JsonNumber::of)
        .putAll(extra)
        .build();
  }
}
