package dev.coffer.image.copy;

import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A name in the local store. Layers are unpacked when they are first needed. */
public final class StoreDestination implements ImageDestination {
  private final StoreSession session;
  private final ContentWriter content;
  private final Reference reference;

  /** Writes to the store as long as a session lasts. */
  public StoreDestination(StoreSession session, Reference reference) {
    this.session = session;
    this.content = new ContentWriter(session.adding());
    this.reference = reference.orLatest();
  }

  @Override
  public String name() {
    return reference.familiar();
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
  public boolean verifies() {
    return true;
  }

  @Override
  public void put(Descriptor blob, BlobContent bytes) throws IOException {
    content.put(blob, bytes);
  }

  @Override
  public boolean hasManifest(Descriptor child) {
    return session.content().has(child.digest());
  }

  @Override
  public void put(RawManifest child) throws IOException {
    content.put(child);
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    content.put(target);
    session.keep(target.descriptor(), List.of(reference));
  }

  @Override
  public void close() {}
}
