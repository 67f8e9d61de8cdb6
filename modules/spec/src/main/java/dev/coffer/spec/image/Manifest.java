package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an image or an artifact consists of.
 *
 * <p>Source: OCI image-spec manifest.md; Docker image manifest version 2, schema 2.
 *
 * @param mediaType {@link MediaTypes#OCI_MANIFEST} or {@link MediaTypes#DOCKER_MANIFEST}
 * @param artifactType what an artifact is
 * @param config the config
 * @param layers the layers, lowest first
 * @param subject the manifest that this one says something about
 * @param annotations free-form metadata
 * @param unknown other members
 */
public record Manifest(
    String mediaType,
    Optional<String> artifactType,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    Map<String, String> annotations,
    JsonObject unknown) {
  private static final Set<String> KNOWN =
      Set.of(
          "schemaVersion",
          "mediaType",
          "artifactType",
          "config",
          "layers",
          "subject",
          "annotations");

  public Manifest {
    layers = List.copyOf(layers);
    annotations = Ordered.map(annotations);
  }

  /** The OCI manifest of an image. */
  public static Manifest of(Descriptor config, List<Descriptor> layers) {
    return new Manifest(
        MediaTypes.OCI_MANIFEST,
        Optional.empty(),
        config,
        layers,
        Optional.empty(),
        Map.of(),
        JsonObject.EMPTY);
  }

  /** Reads a manifest. */
  public static Manifest read(JsonCursor at) {
    at.field("schemaVersion").integer(2, 2);
    return new Manifest(
        at.field("mediaType").orElse(JsonCursor::string, MediaTypes.OCI_MANIFEST),
        at.field("artifactType").optional(JsonCursor::string),
        Descriptor.read(at.field("config")),
        at.field("layers").list(Descriptor::read),
        at.field("subject").optional(Descriptor::read),
        at.field("annotations").map(JsonCursor::string),
        at.without(KNOWN));
  }

  /** This manifest as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("mediaType", mediaType)
        .putIfPresent("artifactType", artifactType)
        .put("config", config.write())
        .putList("layers", layers, Descriptor::write)
        .putIfPresent("subject", subject, Descriptor::write)
        .putUnlessEmpty("annotations", JsonValue.ofStrings(annotations))
        .putAll(unknown)
        .build();
  }
}
