package dev.coffer.spec.image;

import java.util.Map;
import java.util.Optional;

/**
 * A typed pointer to a blob.
 *
 * <p>Source: OCI image-spec descriptor.md.
 *
 * @param mediaType the blob's media type
 * @param digest the blob's digest
 * @param size the blob's length in bytes, at least 0
 * @param annotations free-form metadata
 * @param platform in an index, what the manifest's image runs on
 * @param artifactType in an index, what the manifest's artifact is
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Map<String, String> annotations,
    Optional<Platform> platform,
    Optional<String> artifactType) {

  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("invalid descriptor of " + digest + ": negative size");
    }
    annotations = Map.copyOf(annotations);
  }

  /** A descriptor with nothing but the required fields. */
  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(mediaType, digest, size, Map.of(), Optional.empty(), Optional.empty());
  }
}
