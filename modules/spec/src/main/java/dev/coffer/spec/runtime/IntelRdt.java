package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * Intel Resource Director Technology.
 *
 * @param closId class of service; {@code /} is the default one
 * @param schemata lines for the {@code schemata} file
 * @param l3CacheSchema line for the L3 cache, written before {@code schemata}
 * @param memBwSchema line for memory bandwidth; must begin with {@code MB:}
 * @param enableMonitoring whether to make a monitoring group
 * @param extra members that the specification does not know, kept for writing
 */
public record IntelRdt(
    Optional<String> closId,
    List<String> schemata,
    Optional<String> l3CacheSchema,
    Optional<String> memBwSchema,
    boolean enableMonitoring,
    JsonObject extra) {
  public IntelRdt {
    schemata = List.copyOf(schemata);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static IntelRdt read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new IntelRdt(
        in.field("closID").nonEmpty(),
        in.field("schemata").list(JsonCursor::string),
        in.field("l3CacheSchema").nonEmpty(),
        in.field("memBwSchema").nonEmpty(),
        in.field("enableMonitoring").boolOrFalse(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("closID", closId)
        .putUnlessEmpty("schemata", JsonValue.ofStrings(schemata))
        .putIfPresent("l3CacheSchema", l3CacheSchema)
        .putIfPresent("memBwSchema", memBwSchema)
        .putIfTrue("enableMonitoring", enableMonitoring)
        .putAll(extra)
        .build();
  }
}
