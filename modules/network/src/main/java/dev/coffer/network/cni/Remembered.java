package dev.coffer.network.cni;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * A place in a network that plugins were asked for, and have not taken back yet.
 *
 * @param network as it was configured then
 * @param version in which the plugins were spoken to
 * @param attachment the place
 * @param result what they gave; empty: it is not known whether they have
 */
public record Remembered(
    NetworkList network, SpecVersion version, Attachment attachment, Optional<CniResult> result) {

  JsonObject json() {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("network", network.json())
            .put("version", version.word())
            .put("containerId", attachment.containerId())
            .put("device", attachment.device())
            .put("arguments", JsonValue.ofStrings(attachment.arguments()))
            .put("capabilities", attachment.capabilities());
    result.ifPresent(given -> json.put("result", given.json()));
    return json.build();
  }

  static Remembered parse(JsonCursor cursor) {
    return new Remembered(
        NetworkList.of(cursor.field("network"), List.of()),
        cursor.field("version").parse(word -> SpecVersion.of(word).orElseThrow()),
        new Attachment(
            cursor.field("containerId").string(),
            cursor.field("device").string(),
            cursor.field("arguments").map(JsonCursor::string),
            cursor.field("capabilities").object()),
        cursor.field("result").optional(CniResult::parse));
  }
}
