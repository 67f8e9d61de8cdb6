package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * A namespace to make, or with a path to join.
 *
 * @param type its type
 * @param path absolute path of a namespace file to join; absent makes a new one
 * @param extra members that the specification does not know, kept for writing
 */
public record Namespace(NamespaceType type, Optional<String> path, JsonObject extra) {

  /** A new namespace. */
  public static Namespace create(NamespaceType type) {
    return new Namespace(type, Optional.empty(), JsonObject.EMPTY);
  }

  /** An existing namespace. */
  public static Namespace join(NamespaceType type, String path) {
    return new Namespace(type, Optional.of(path), JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Namespace read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Namespace(
        in.field("type").constant(NamespaceType.class, NamespaceType::spelling),
        in.field("path").nonEmpty(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("type", type.spelling())
        .putIfPresent("path", path)
        .putAll(extra)
        .build();
  }
}
