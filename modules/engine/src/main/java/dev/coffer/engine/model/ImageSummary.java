package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An image or an artifact in a list.
 *
 * @param id config digest, {@code sha256:…}; an artifact's is that of its manifest
 * @param references full names with tags that point at it; may be empty
 * @param digests names with digests
 * @param created {@link Instant#EPOCH} when it does not say
 * @param sizeBytes unpacked size
 * @param containers how many containers use it
 */
public record ImageSummary(
    String id,
    List<String> references,
    List<String> digests,
    Instant created,
    long sizeBytes,
    Map<String, String> labels,
    int containers) {

  /** The same under other names. */
  public ImageSummary withNames(List<String> otherReferences, List<String> otherDigests) {
    return new ImageSummary(
        id, otherReferences, otherDigests, created, sizeBytes, labels, containers);
  }
}
