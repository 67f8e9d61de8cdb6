package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * NUMA memory policy; set_mempolicy(2).
 *
 * @param mode the mode
 * @param nodes memory nodes as a list such as {@code 0-3,7}
 * @param flags flags
 * @param extra members that the specification does not know, kept for writing
 */
public record MemoryPolicy(
    MemoryPolicyMode mode, Optional<String> nodes, List<MemoryPolicyFlag> flags, JsonObject extra) {
  public MemoryPolicy {
    flags = List.copyOf(flags);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static MemoryPolicy read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new MemoryPolicy(
        in.field("mode").constant(MemoryPolicyMode.class, MemoryPolicyMode::spelling),
        in.field("nodes").nonEmpty(),
        in.field("flags").list(c -> c.constant(MemoryPolicyFlag.class, MemoryPolicyFlag::spelling)),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("mode", mode.spelling())
        .putIfPresent("nodes", nodes)
        .putUnlessEmpty("flags", JsonArray.of(flags, value -> JsonValue.of(value.spelling())))
        .putAll(extra)
        .build();
  }
}
