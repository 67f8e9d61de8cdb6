package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.store.StoreSession;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.Reference;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** What the local store holds under a name or an id, or what an archive brought into it. */
public final class StoreSource implements ImageSource {
  private final StoreSession session;
  private final String name;
  private final Descriptor target;

  /**
   * Reads from the store as long as a session lasts.
   *
   * @param name the target's name for messages
   */
  public StoreSource(StoreSession session, String name, Descriptor target) {
    this.session = session;
    this.name = name;
    this.target = target;
  }

  /**
   * Finds by name or id.
   *
   * @throws ImageException NOT_FOUND, AMBIGUOUS
   */
  public static StoreSource find(StoreSession session, String nameOrId) throws ImageException {
    StoreSession.Found found = session.find(nameOrId);
    String name = found.name().map(Reference::familiar).orElse(nameOrId);
    return new StoreSource(session, name, found.target());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RawManifest target() throws IOException {
    return read(target);
  }

  private RawManifest read(Descriptor manifest) throws IOException {
    byte[] bytes = session.content().read(manifest.digest(), RawManifest.MAX_BYTES);
    return RawManifest.of(name, manifest, bytes);
  }

  /** A manifest whose image has not arrived, because its pull broke off, is as good as missing. */
  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    if (!session.content().has(child.digest())) {
      return Optional.empty();
    }
    RawManifest manifest = read(child);
    return manifest.isIndex() || isWhole(manifest.manifest())
        ? Optional.of(manifest)
        : Optional.empty();
  }

  private boolean isWhole(Manifest manifest) {
    return session.content().has(manifest.config().digest())
        && manifest.layers().stream().allMatch(layer -> session.content().has(layer.digest()));
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    FileInputStream in;
    try {
      in = new FileInputStream(session.content().path(blob.digest()).toFile());
    } catch (FileNotFoundException e) {
      throw new ImageException(
          Kind.NOT_FOUND, "blob %s of %s is missing".formatted(blob.digest(), name), e);
    }
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public boolean isVerified() {
    return true;
  }

  @Override
  public List<Reference> origins(Digest blob) {
    return session.namesOf(blob);
  }

  @Override
  public void close() {}
}
