package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** An image of a registry. */
public final class RegistrySource implements ImageSource {
  private final RemoteRepository repository;
  private final Reference reference;

  /**
   * Reads from a repository.
   *
   * @param reference a tag or a digest of it; the digest counts when there are both
   */
  public RegistrySource(RemoteRepository repository, Reference reference) {
    this.repository = repository;
    this.reference = reference.orLatest();
  }

  @Override
  public String name() {
    return reference.familiar();
  }

  @Override
  public RawManifest target() throws IOException {
    String what =
        reference.digest().map(Digest::toString).orElseGet(() -> reference.tag().orElseThrow());
    return raw(repository.manifest(what));
  }

  private RawManifest raw(RemoteManifest manifest) throws ImageException {
    return RawManifest.of(name(), manifest.descriptor(), manifest.bytes());
  }

  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    try {
      return Optional.of(raw(repository.manifest(child.digest().toString())));
    } catch (ImageException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    if (offset == blob.size()) {
      return InputStream.nullInputStream();
    }
    BlobBody body = repository.blob(blob, offset, blob.size() - offset);
    try {
      body.bytes().skipNBytes(offset - body.offset());
    } catch (IOException e) {
      body.close();
      throw e;
    }
    return body.bytes();
  }

  @Override
  public boolean isVerified() {
    return false;
  }

  @Override
  public List<Reference> origins(Digest blob) {
    return List.of(reference);
  }

  @Override
  public void close() {}
}
