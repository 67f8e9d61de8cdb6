package dev.coffer.image.copy;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Adds to blobs that lie by their digests. */
final class ContentWriter {
  private final ContentStore content;

  ContentWriter(ContentStore content) {
    this.content = content;
  }

  Optional<ImageDestination.Reuse> reuse(Descriptor blob) throws IOException {
    return content.size(blob.digest()).filter(size -> size == blob.size()).isPresent()
        ? Optional.of(new ImageDestination.Reuse.Present())
        : Optional.empty();
  }

  void put(Descriptor blob, BlobContent bytes) throws IOException {
    try (InputStream in = bytes.open(0);
        Ingest ingest = content.ingest(blob.digest().algorithm())) {
      in.transferTo(ingest);
      ingest.publish(blob.digest());
    }
  }

  void put(RawManifest manifest) throws IOException {
    try (Ingest ingest = content.ingest(manifest.digest().algorithm())) {
      ingest.write(manifest.bytes());
      ingest.publish(manifest.digest());
    }
  }
}
