package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The config of an image: its platform, how it wants to be run, its layers and how they were made.
 *
 * <p>Source: OCI image-spec config.md.
 *
 * @param created when the image was made, if known
 * @param author who made it, or empty
 * @param platform what it runs on
 * @param defaults how it wants to be run
 * @param diffIds the digest of each layer's uncompressed archive, lowest layer first
 * @param history the steps that made it, oldest first; may be empty
 * @param unknown other members, such as Docker's {@code container_config}
 */
public record ImageConfig(
    Optional<Instant> created,
    String author,
    Platform platform,
    ContainerDefaults defaults,
    List<Digest> diffIds,
    List<HistoryEntry> history,
    JsonObject unknown) {
  private static final Set<String> KNOWN =
      Set.of(
          "created",
          "author",
          "architecture",
          "os",
          "variant",
          "os.version",
          "os.features",
          "config",
          "rootfs",
          "history");

  public ImageConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /** Reads a config. */
  public static ImageConfig read(JsonCursor at) {
    JsonCursor rootfs = at.field("rootfs");
    String type = rootfs.field("type").orElse(JsonCursor::string, "layers");
    if (!type.equals("layers")) {
      throw rootfs.field("type").failure("must be \"layers\", is \"" + type + "\"");
    }
    return new ImageConfig(
        Times.read(at.field("created")),
        at.field("author").stringOrEmpty(),
        Platform.read(at),
        ContainerDefaults.read(at.field("config")),
        rootfs.field("diff_ids").list(diffId -> diffId.parse(Digest::parse)),
        at.field("history").list(HistoryEntry::read),
        at.without(KNOWN));
  }

  /** This config as JSON. */
  public JsonObject write() {
    JsonObject rootfs =
        JsonObject.builder()
            .put("type", "layers")
            .putList("diff_ids", diffIds, diffId -> JsonValue.of(diffId.toString()))
            .build();
    return JsonObject.builder()
        .putIfPresent("created", created.map(Instant::toString))
        .putUnlessEmpty("author", JsonValue.of(author))
        .putAll(platform.write())
        .put("config", defaults.write())
        .put("rootfs", rootfs)
        .putList("history", history, HistoryEntry::write)
        .putAll(unknown)
        .build();
  }
}
