package dev.coffer.image;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something in the store that is no image: a chart, a signature, a list whose images are elsewhere.
 * It is kept and passed on as it is.
 *
 * @param target its manifest or index, by whose digest it is known
 * @param type what it says it is; at least a media type
 * @param references the names that point at it, sorted; at least one
 * @param created when it says it was made
 * @param sizeBytes bytes of all its blobs that are here
 * @param manifest its manifest or index
 */
public record Artifact(
    Descriptor target,
    String type,
    List<Reference> references,
    Optional<Instant> created,
    long sizeBytes,
    JsonObject manifest) {
  public Artifact {
    references = List.copyOf(references);
  }
}
