package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list of manifests, most often one image for several platforms, or the contents of an image
 * layout.
 *
 * <p>Source: OCI image-spec image-index.md; Docker's manifest list.
 *
 * @param mediaType {@link MediaTypes#OCI_INDEX} or {@link MediaTypes#DOCKER_INDEX}
 * @param manifests what it lists
 * @param annotations free-form metadata
 * @param unknown other members
 */
public record Index(
    String mediaType,
    List<Descriptor> manifests,
    Map<String, String> annotations,
    JsonObject unknown) {
  private static final Set<String> KNOWN =
      Set.of("schemaVersion", "mediaType", "manifests", "annotations");

  public Index {
    manifests = List.copyOf(manifests);
    annotations = Ordered.map(annotations);
  }

  /** An OCI index. */
  public static Index of(List<Descriptor> manifests) {
    return new Index(MediaTypes.OCI_INDEX, manifests, Map.of(), JsonObject.EMPTY);
  }

  /** Reads an index. */
  public static Index read(JsonCursor at) {
    at.field("schemaVersion").integer(2, 2);
    return new Index(
        at.field("mediaType").orElse(JsonCursor::string, MediaTypes.OCI_INDEX),
        at.field("manifests").list(Descriptor::read),
        at.field("annotations").map(JsonCursor::string),
        at.without(KNOWN));
  }

  /** This index as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("mediaType", mediaType)
        .putList("manifests", manifests, Descriptor::write)
        .putUnlessEmpty("annotations", JsonValue.ofStrings(annotations))
        .putAll(unknown)
        .build();
  }
}
