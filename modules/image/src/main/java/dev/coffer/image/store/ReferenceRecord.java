package dev.coffer.image.store;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What keeps an image: a name for it, or for one without a name the mere fact that it is wanted.
 * One file each below {@code images/}.
 *
 * @param reference the name; empty for a dangling image
 * @param target the manifest or index
 */
record ReferenceRecord(Optional<Reference> reference, Descriptor target) {
  private static final int VERSION = 1;

  /** A name may be longer than a file's may be, and has slashes: its hash stands for it. */
  String fileName() {
    String key = reference.map(Reference::toString).orElse("@" + target.digest());
    return Digest.ofBytes(key.getBytes(StandardCharsets.UTF_8)).hex() + ".json";
  }

  boolean pointsAt(StoredTarget other) {
    return target.digest().equals(other.target().digest());
  }

  static ReferenceRecord read(String document, byte[] json) {
    JsonCursor at = JsonCursor.read(document, json, Limits.STATE);
    at.field("schemaVersion").integer(VERSION, VERSION);
    return new ReferenceRecord(
        at.field("reference").optional(reference -> reference.parse(Reference::parse)),
        Descriptor.read(at.field("target")));
  }

  byte[] write() {
    return Json.bytes(
        JsonObject.builder()
            .put("schemaVersion", VERSION)
            .putIfPresent("reference", reference.map(Reference::toString))
            .put("target", target.write())
            .build());
  }
}
