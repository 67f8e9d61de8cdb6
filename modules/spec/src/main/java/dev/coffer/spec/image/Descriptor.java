package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A typed pointer to a blob.
 *
 * <p>Source: OCI image-spec descriptor.md; image-index.md for platform and artifactType.
 *
 * @param mediaType the blob's media type; empty where a tolerated writer left it out
 * @param digest the blob's digest
 * @param size the blob's length in bytes, at least 0
 * @param annotations free-form metadata
 * @param platform in an index, what the manifest's image runs on
 * @param artifactType in an index, what the manifest's artifact is
 * @param unknown other members, such as {@code urls} and {@code data}
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Map<String, String> annotations,
    Optional<Platform> platform,
    Optional<String> artifactType,
    JsonObject unknown) {
  private static final Set<String> KNOWN =
      Set.of("mediaType", "digest", "size", "annotations", "platform", "artifactType");

  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("invalid descriptor of " + digest + ": negative size");
    }
    annotations = Ordered.map(annotations);
  }

  /** A descriptor with nothing but the required members. */
  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(
        mediaType, digest, size, Map.of(), Optional.empty(), Optional.empty(), JsonObject.EMPTY);
  }

  /** This descriptor with another media type. */
  public Descriptor withMediaType(String other) {
    return new Descriptor(other, digest, size, annotations, platform, artifactType, unknown);
  }

  /** This descriptor for other bytes, with all else that it says. */
  public Descriptor withTarget(String otherType, Digest otherDigest, long otherSize) {
    return new Descriptor(
        otherType, otherDigest, otherSize, annotations, platform, artifactType, unknown);
  }

  /** This descriptor with other annotations. */
  public Descriptor withAnnotations(Map<String, String> other) {
    return new Descriptor(mediaType, digest, size, other, platform, artifactType, unknown);
  }

  /** This descriptor with a platform. */
  public Descriptor withPlatform(Platform of) {
    return new Descriptor(
        mediaType, digest, size, annotations, Optional.of(of), artifactType, unknown);
  }

  /** Reads a descriptor. */
  public static Descriptor read(JsonCursor at) {
    return new Descriptor(
        at.field("mediaType").stringOrEmpty(),
        at.field("digest").parse(Digest::parse),
        at.field("size").integer(0, Long.MAX_VALUE),
        at.field("annotations").map(JsonCursor::string),
        at.field("platform").optional(Platform::read),
        at.field("artifactType").optional(JsonCursor::string),
        at.without(KNOWN));
  }

  /** This descriptor as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .putUnlessEmpty("mediaType", JsonValue.of(mediaType))
        .put("digest", digest.toString())
        .put("size", size)
        .putAll(unknown)
        .putUnlessEmpty("annotations", JsonValue.ofStrings(annotations))
        .putIfPresent("platform", platform, Platform::write)
        .putIfPresent("artifactType", artifactType)
        .build();
  }
}
