package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.time.Instant;
import java.util.Optional;

/**
 * One step in the making of an image.
 *
 * <p>Source: OCI image-spec config.md, "history".
 *
 * @param created when, if known
 * @param createdBy the command
 * @param author who
 * @param comment a remark
 * @param emptyLayer whether the step made no layer
 */
public record HistoryEntry(
    Optional<Instant> created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {

  /** Reads a step. */
  public static HistoryEntry read(JsonCursor at) {
    return new HistoryEntry(
        Times.read(at.field("created")),
        at.field("created_by").stringOrEmpty(),
        at.field("author").stringOrEmpty(),
        at.field("comment").stringOrEmpty(),
        at.field("empty_layer").boolOrFalse());
  }

  /** This step as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .putIfPresent("created", created.map(Instant::toString))
        .putUnlessEmpty("created_by", JsonValue.of(createdBy))
        .putUnlessEmpty("author", JsonValue.of(author))
        .putUnlessEmpty("comment", JsonValue.of(comment))
        .putUnlessEmpty("empty_layer", JsonValue.of(emptyLayer))
        .build();
  }
}
