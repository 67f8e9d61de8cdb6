package dev.coffer.image.copy;

import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;

/** A name in the local store. Layers are unpacked when they are first needed. */
public final class StoreDestination extends ContentDestination {
  private final StoreSession session;
  private final Reference reference;

  /** Writes to the store as long as a session lasts. */
  public StoreDestination(StoreSession session, Reference reference) {
    super(reference.orLatest().familiar(), session.adding());
    this.session = session;
    this.reference = reference.orLatest();
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    put(target);
    session.keep(target.descriptor(), List.of(reference));
  }

  @Override
  public void close() {}
}
