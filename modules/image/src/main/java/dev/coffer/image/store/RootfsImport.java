package dev.coffer.image.store;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.image.stream.Compression;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.HistoryEntry;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Makes an image of one layer from a root file system's tar, which is kept as it came. */
final class RootfsImport {
  private final ContentStore content;
  private final LayerStore layers;

  RootfsImport(ContentStore content, LayerStore layers) {
    this.content = content;
    this.layers = layers;
  }

  /**
   * Takes in the archive and unpacks it.
   *
   * @return the image's manifest
   * @throws ImageException INVALID_REQUEST for a bad change, and what unpacking throws
   */
  Descriptor run(InputStream archive, ImportOptions options) throws IOException {
    ContainerDefaults defaults = ConfigChanges.apply(options.changes());
    Descriptor layer = takeIn(archive);
    Digest diffId = layers.unpackBase(layer.digest());
    Optional<Instant> now = Optional.of(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    ImageConfig config =
        new ImageConfig(
            now,
            "",
            options.platform().orElse(Platform.host()),
            defaults,
            List.of(diffId),
            List.of(new HistoryEntry(now, "", "", options.message(), false)),
            JsonObject.EMPTY);
    Descriptor configDescriptor = put(MediaTypes.OCI_CONFIG, config.write());
    return put(MediaTypes.OCI_MANIFEST, Manifest.of(configDescriptor, List.of(layer)).write());
  }

  private Descriptor takeIn(InputStream archive) throws IOException {
    BufferedInputStream in = new BufferedInputStream(archive, 256 * 1024);
    in.mark(16);
    byte[] start = in.readNBytes(6);
    in.reset();
    String mediaType =
        switch (Compression.detect(start)) {
          case NONE -> MediaTypes.OCI_LAYER;
          case GZIP -> MediaTypes.OCI_LAYER_GZIP;
          case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
        };
    try (Ingest ingest = content.ingest(Digest.Algorithm.SHA256)) {
      in.transferTo(ingest);
      Digest digest = ingest.complete();
      ingest.publish(digest);
      return Descriptor.of(mediaType, digest, ingest.size());
    }
  }

  private Descriptor put(String mediaType, JsonObject document) throws IOException {
    byte[] json = Json.bytes(document);
    return Descriptor.of(mediaType, content.put(json), json.length);
  }
}
