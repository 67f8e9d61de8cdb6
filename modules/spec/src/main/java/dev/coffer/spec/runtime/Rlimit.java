package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * A resource limit; getrlimit(2).
 *
 * @param type the resource
 * @param hard the ceiling, unsigned; {@link #INFINITY} for none
 * @param soft what the kernel enforces, unsigned; {@link #INFINITY} for none
 * @param extra members that the specification does not know, kept for writing
 */
public record Rlimit(RlimitType type, long hard, long soft, JsonObject extra) {

  /** No limit: {@code RLIM_INFINITY}, 18446744073709551615. */
  public static final long INFINITY = -1;

  /** A limit without extra members. */
  public static Rlimit of(RlimitType type, long soft, long hard) {
    return new Rlimit(type, hard, soft, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Rlimit read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Rlimit(
        in.field("type").constant(RlimitType.class, RlimitType::spelling),
        in.field("hard").uint64(),
        in.field("soft").uint64(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("type", type.spelling())
        .putUnsigned("hard", hard)
        .putUnsigned("soft", soft)
        .putAll(extra)
        .build();
  }
}
