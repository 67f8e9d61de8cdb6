package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * Who a process runs as.
 *
 * @param uid user id inside the container, 0 to 4294967295
 * @param gid group id inside the container, 0 to 4294967295
 * @param umask file mode creation mask; absent inherits the runtime's
 * @param additionalGids supplementary group ids
 * @param username for Windows; kept
 * @param extra members that the specification does not know, kept for writing
 */
public record User(
    long uid,
    long gid,
    Optional<Integer> umask,
    List<Long> additionalGids,
    Optional<String> username,
    JsonObject extra) {
  /** User and group 0 without further groups. */
  public static final User ROOT = of(0, 0, List.of());

  public User {
    additionalGids = List.copyOf(additionalGids);
  }

  /** A user without a umask. */
  public static User of(long uid, long gid, List<Long> additionalGids) {
    return new User(uid, gid, Optional.empty(), additionalGids, Optional.empty(), JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static User read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new User(
        in.field("uid").orElse(JsonCursor::uint32, 0L),
        in.field("gid").orElse(JsonCursor::uint32, 0L),
        in.field("umask").optional(c -> (int) c.integer(0, Integer.MAX_VALUE)),
        in.field("additionalGids").list(JsonCursor::uint32),
        in.field("username").nonEmpty(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("uid", uid)
        .put("gid", gid)
        .putIfPresent("umask", umask, JsonNumber::of)
        .putUnlessEmpty("additionalGids", JsonValue.ofNumbers(additionalGids))
        .putIfPresent("username", username)
        .putAll(extra)
        .build();
  }
}
