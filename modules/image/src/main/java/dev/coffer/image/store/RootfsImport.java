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
import java.util.zip.GZIPOutputStream;

/** Makes an image of one layer from a root file system's tar. */
final class RootfsImport {
  private static final int BUFFER = 256 * 1024;

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
    Descriptor layer = takeIn(archive, options.compress());
    Digest diffId = layers.unpackBase(layer.digest());
    Optional<Instant> now =
        Optional.of(options.created().orElseGet(Instant::now).truncatedTo(ChronoUnit.SECONDS));
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

  private Descriptor takeIn(InputStream archive, boolean compress) throws IOException {
    BufferedInputStream in = new BufferedInputStream(archive, BUFFER);
    in.mark(16);
    byte[] start = in.readNBytes(6);
    in.reset();
    try (Ingest ingest = content.ingest(Digest.Algorithm.SHA256)) {
      String mediaType =
          switch (Compression.detect(start)) {
            case NONE -> compress ? deflate(in, ingest) : keep(in, ingest, MediaTypes.OCI_LAYER);
            case GZIP -> keep(in, ingest, MediaTypes.OCI_LAYER_GZIP);
            case ZSTD -> keep(in, ingest, MediaTypes.OCI_LAYER_ZSTD);
          };
      Digest digest = ingest.complete();
      ingest.publish(digest);
      return Descriptor.of(mediaType, digest, ingest.size());
    }
  }

  private static String keep(InputStream in, Ingest ingest, String mediaType) throws IOException {
    in.transferTo(ingest);
    return mediaType;
  }

  private static String deflate(InputStream in, Ingest ingest) throws IOException {
    GZIPOutputStream out = new GZIPOutputStream(ingest, BUFFER);
    in.transferTo(out);
    out.finish();
    return MediaTypes.OCI_LAYER_GZIP;
  }

  private Descriptor put(String mediaType, JsonObject document) throws IOException {
    byte[] json = Json.bytes(document);
    return Descriptor.of(mediaType, content.put(json), json.length);
  }
}
