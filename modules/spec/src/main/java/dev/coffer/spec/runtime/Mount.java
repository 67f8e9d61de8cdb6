package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * A mount inside the container. Source: config.md, Mounts.
 *
 * @param destination path inside; a relative one is deprecated and relative to {@code /}
 * @param type file system type; a dummy for bind mounts
 * @param source device, dummy, or for bind mounts a path: absolute or relative to the bundle
 * @param options options as mount(8) writes them, in order
 * @param uidMappings user ids of an idmapped mount
 * @param gidMappings group ids of an idmapped mount
 * @param extra members that the specification does not know, kept for writing
 */
public record Mount(
    String destination,
    Optional<String> type,
    Optional<String> source,
    List<String> options,
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    JsonObject extra) {
  public Mount {
    options = List.copyOf(options);
    uidMappings = List.copyOf(uidMappings);
    gidMappings = List.copyOf(gidMappings);
  }

  /** A mount of a file system. */
  public static Mount of(String destination, String type, String source, List<String> options) {
    return new Mount(
        destination,
        Optional.of(type),
        Optional.of(source),
        options,
        List.of(),
        List.of(),
        JsonObject.EMPTY);
  }

  /** A bind mount; the options must contain {@code bind} or {@code rbind}. */
  public static Mount bind(String destination, String source, List<String> options) {
    return of(destination, "bind", source, options);
  }

  /** Whether the options make it a bind mount. */
  public boolean isBind() {
    return options.contains("bind") || options.contains("rbind");
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Mount read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Mount(
        in.field("destination").string(),
        in.field("type").nonEmpty(),
        in.field("source").nonEmpty(),
        in.field("options").list(JsonCursor::string),
        in.field("uidMappings").list(IdMapping::read),
        in.field("gidMappings").list(IdMapping::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("destination", destination)
        .putIfPresent("type", type)
        .putIfPresent("source", source)
        .putUnlessEmpty("options", JsonValue.ofStrings(options))
        .putUnlessEmpty("uidMappings", JsonArray.of(uidMappings, IdMapping::toJson))
        .putUnlessEmpty("gidMappings", JsonArray.of(gidMappings, IdMapping::toJson))
        .putAll(extra)
        .build();
  }
}
