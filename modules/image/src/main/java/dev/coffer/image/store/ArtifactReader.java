package dev.coffer.image.store;

import dev.coffer.image.Artifact;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what an artifact tells of itself.
 *
 * <p>Source: OCI image-spec manifest.md ("Guidelines for Artifact Usage") and annotations.md.
 */
final class ArtifactReader {
  private static final String CREATED = "org.opencontainers.image.created";

  /** The media type of a config that stands for none. */
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";

  private ArtifactReader() {}

  static Artifact read(StoredTarget stored, List<Reference> names, ContentStore content)
      throws IOException {
    Descriptor target = stored.target();
    String document = target.digest().toString();
    byte[] json = content.read(target.digest(), TargetReader.MAX_DOCUMENT);
    JsonCursor at = JsonCursor.read(document, json, Limits.CONFIG);
    Map<String, String> annotations = at.field("annotations").map(JsonCursor::string);
    long bytes = 0;
    for (Digest blob : stored.blobs()) {
      bytes += content.size(blob).orElse(0L);
    }
    return new Artifact(target, type(target, at), names, created(annotations), bytes, at.object());
  }

  private static String type(Descriptor target, JsonCursor at) {
    Optional<String> named = at.field("artifactType").optional(JsonCursor::string);
    if (named.isPresent() || MediaTypes.isIndex(target.mediaType())) {
      return named.orElse(target.mediaType());
    }
    String config = Manifest.read(at).config().mediaType();
    return config.isEmpty() || config.equals(EMPTY) ? target.mediaType() : config;
  }

  private static Optional<Instant> created(Map<String, String> annotations) {
    try {
      return Optional.ofNullable(annotations.get(CREATED)).map(Instant::parse);
    } catch (DateTimeParseException anything) {
      return Optional.empty();
    }
  }
}
