package dev.coffer.image.store;

import dev.coffer.image.CommitOptions;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.LayerWriter;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.kernel.library.Hashers;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.HistoryEntry;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Makes an image of another one and a layer on top. */
final class Commit {
  private static final int BUFFER = 256 * 1024;

  private final ContentStore content;

  Commit(ContentStore content) {
    this.content = content;
  }

  private record Layer(Descriptor blob, Digest diffId) {}

  /**
   * Takes in the layer and writes config and manifest.
   *
   * @return the new image's manifest
   * @throws ImageException INVALID_REQUEST for a bad change
   */
  Descriptor run(Image base, Manifest manifest, LayerWriter writer, CommitOptions options)
      throws IOException {
    ContainerDefaults defaults = ConfigChanges.apply(options.defaults(), options.changes());
    Optional<Layer> layer = takeIn(writer);
    Optional<Instant> now =
        Optional.of(options.created().orElseGet(Instant::now).truncatedTo(ChronoUnit.SECONDS));
    List<HistoryEntry> history = new ArrayList<>(base.config().history());
    history.add(
        new HistoryEntry(
            now, options.createdBy(), options.author(), options.message(), layer.isEmpty()));
    List<Digest> diffIds = new ArrayList<>(base.config().diffIds());
    layer.ifPresent(each -> diffIds.add(each.diffId()));
    ImageConfig config =
        new ImageConfig(
            now,
            options.author(),
            base.config().platform(),
            defaults,
            diffIds,
            history,
            JsonObject.EMPTY);
    List<Descriptor> layers = new ArrayList<>();
    manifest.layers().forEach(each -> layers.add(oci(each)));
    layer.ifPresent(each -> layers.add(each.blob()));
    Descriptor configDescriptor = put(MediaTypes.OCI_CONFIG, config.write());
    return put(MediaTypes.OCI_MANIFEST, Manifest.of(configDescriptor, layers).write());
  }

  /** An OCI manifest with Docker's names for layers in it is refused by some. */
  private static Descriptor oci(Descriptor layer) {
    return switch (layer.mediaType()) {
      case MediaTypes.DOCKER_LAYER -> layer.withMediaType(MediaTypes.OCI_LAYER);
      case MediaTypes.DOCKER_LAYER_GZIP -> layer.withMediaType(MediaTypes.OCI_LAYER_GZIP);
      case MediaTypes.DOCKER_FOREIGN_LAYER -> layer.withMediaType(MediaTypes.OCI_FOREIGN_LAYER);
      case MediaTypes.DOCKER_FOREIGN_LAYER_GZIP ->
          layer.withMediaType(MediaTypes.OCI_FOREIGN_LAYER_GZIP);
      default -> layer;
    };
  }

  /** Hashes what is written and what comes out of the compression, in one pass. */
  private Optional<Layer> takeIn(LayerWriter writer) throws IOException {
    try (Ingest ingest = content.ingest(Digest.Algorithm.SHA256)) {
      GZIPOutputStream packed = new GZIPOutputStream(ingest, BUFFER);
      Hashing hashed = new Hashing(packed);
      BufferedOutputStream archive = new BufferedOutputStream(hashed, BUFFER);
      long entries = writer.writeTo(archive);
      archive.flush();
      packed.finish();
      if (entries == 0) {
        return Optional.empty();
      }
      Digest digest = ingest.complete();
      ingest.publish(digest);
      Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER_GZIP, digest, ingest.size());
      return Optional.of(new Layer(blob, Digest.Algorithm.SHA256.finish(hashed.hasher)));
    }
  }

  private static final class Hashing extends FilterOutputStream {
    private final MessageDigest hasher = Hashers.of(Digest.Algorithm.SHA256);

    Hashing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      hasher.update(bytes, offset, length);
      out.write(bytes, offset, length);
    }
  }

  private Descriptor put(String mediaType, JsonObject document) throws IOException {
    byte[] json = Json.bytes(document);
    return Descriptor.of(mediaType, content.put(json), json.length);
  }
}
