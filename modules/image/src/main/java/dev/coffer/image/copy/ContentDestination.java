package dev.coffer.image.copy;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A destination whose blobs and manifests lie by their digests. */
abstract class ContentDestination implements ImageDestination {
  private final String shown;
  private final ContentStore store;
  private final ContentWriter content;

  /**
   * @param shown its name for messages
   */
  ContentDestination(String shown, ContentStore store) {
    this.shown = shown;
    this.store = store;
    this.content = new ContentWriter(store);
  }

  @Override
  public final String name() {
    return shown;
  }

  @Override
  public boolean toleratesForeignLayers() {
    return false;
  }

  @Override
  public Optional<Reuse> reuse(Descriptor blob, List<Reference> origins) throws IOException {
    return content.reuse(blob);
  }

  @Override
  public final boolean verifies() {
    return true;
  }

  @Override
  public void put(Descriptor blob, BlobContent bytes) throws IOException {
    content.put(blob, bytes);
  }

  @Override
  public boolean hasManifest(Descriptor child) {
    return store.has(child.digest());
  }

  @Override
  public void put(RawManifest child) throws IOException {
    content.put(child);
  }
}
