package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/**
 * The execution domain; personality(2).
 *
 * @param domain the domain
 * @param flags none are defined
 * @param extra members that the specification does not know, kept for writing
 */
public record Personality(PersonalityDomain domain, List<String> flags, JsonObject extra) {
  public Personality {
    flags = List.copyOf(flags);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Personality read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Personality(
        in.field("domain").constant(PersonalityDomain.class, PersonalityDomain::spelling),
        in.field("flags").list(JsonCursor::string),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("domain", domain.spelling())
        .putUnlessEmpty("flags", JsonValue.ofStrings(flags))
        .putAll(extra)
        .build();
  }
}
