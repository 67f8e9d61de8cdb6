package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The limit of one size of huge pages.
 *
 * @param pageSize the size as in {@code 64KB}, {@code 2MB}, {@code 1GB}
 * @param limit limit in bytes, unsigned
 * @param extra members that the specification does not know, kept for writing
 */
public record HugepageLimit(String pageSize, long limit, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static HugepageLimit read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new HugepageLimit(in.field("pageSize").string(), in.field("limit").uint64(), in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("pageSize", pageSize)
        .putUnsigned("limit", limit)
        .putAll(extra)
        .build();
  }
}
