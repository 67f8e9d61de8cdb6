package dev.coffer.image.layer;

import dev.coffer.spec.image.Digest;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;

/**
 * What the store notes of an unpacked layer, in {@code layers/<chain id>/layer.json}.
 *
 * @param chainId what it and those below it are known by
 * @param diffId digest of its uncompressed archive
 * @param sizeBytes bytes of its regular files
 * @param entries entries of its archive
 * @param skippedDevices device nodes that could not be made in a user namespace
 * @param opaqueRoot whether it hides all layers below it
 * @param bootId the boot in which it was unpacked, while its files may not all be on the disk yet;
 *     empty when they are
 */
record LayerRecord(
    Digest chainId,
    Digest diffId,
    long sizeBytes,
    long entries,
    long skippedDevices,
    boolean opaqueRoot,
    String bootId) {
  private static final int VERSION = 1;

  LayerRecord durable() {
    return new LayerRecord(chainId, diffId, sizeBytes, entries, skippedDevices, opaqueRoot, "");
  }

  static LayerRecord read(byte[] json) {
    JsonCursor at = JsonCursor.read("layer.json", json, Limits.STATE);
    at.field("schemaVersion").integer(VERSION, VERSION);
    return new LayerRecord(
        at.field("chainId").parse(Digest::parse),
        at.field("diffId").parse(Digest::parse),
        at.field("sizeBytes").int64(),
        at.field("entries").int64(),
        at.field("skippedDevices").int64(),
        at.field("opaqueRoot").bool(),
        at.field("bootId").string());
  }

  byte[] write() {
    return Json.bytes(
        JsonObject.builder()
            .put("schemaVersion", VERSION)
            .put("chainId", chainId.toString())
            .put("diffId", diffId.toString())
            .put("sizeBytes", sizeBytes)
            .put("entries", entries)
            .put("skippedDevices", skippedDevices)
            .put("opaqueRoot", opaqueRoot)
            .put("bootId", bootId)
            .build());
  }
}
