package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A tag or a digest of a registry's repository. */
public final class RegistryDestination implements ImageDestination {
  /** Each that does not have the blob costs a round trip. */
  private static final int MAX_ORIGINS = 3;

  private final RemoteRepository repository;
  private final Reference reference;
  private final UploadsUnderWay uploads;
  private final Map<Digest, UploadsUnderWay.Claim> claims = new ConcurrentHashMap<>();

  /**
   * Writes to a repository.
   *
   * @param reference the name that the image shall have there
   * @param uploads shared by all that push at the same time
   */
  public RegistryDestination(
      RemoteRepository repository, Reference reference, UploadsUnderWay uploads) {
    this.repository = repository;
    this.reference = reference.orLatest();
    this.uploads = uploads;
  }

  @Override
  public String name() {
    return reference.familiar();
  }

  @Override
  public boolean toleratesForeignLayers() {
    return true;
  }

  /** What must be sent stays claimed until it was. */
  @Override
  public Optional<Reuse> reuse(Descriptor blob, List<Reference> origins) throws IOException {
    claims.put(blob.digest(), uploads.claim(reference.name(), blob.digest()));
    boolean toSend = false;
    try {
      Optional<Reuse> reuse = find(blob, origins);
      toSend = reuse.isEmpty();
      return reuse;
    } finally {
      if (!toSend) {
        release(blob.digest());
      }
    }
  }

  private Optional<Reuse> find(Descriptor blob, List<Reference> origins) throws IOException {
    if (repository.has(blob.digest())) {
      return Optional.of(new Reuse.Present());
    }
    List<String> paths =
        origins.stream()
            .filter(origin -> origin.domain().equals(reference.domain()))
            .map(Reference::path)
            .filter(path -> !path.equals(reference.path()))
            .distinct()
            .limit(MAX_ORIGINS)
            .toList();
    for (String path : paths) {
      if (repository.mount(blob.digest(), path)) {
        return Optional.of(new Reuse.Mounted(path));
      }
    }
    return Optional.empty();
  }

  /** It does, but cannot say whose bytes they were. */
  @Override
  public boolean verifies() {
    return false;
  }

  @Override
  public void put(Descriptor blob, BlobContent content) throws IOException {
    try {
      repository.upload(blob, content);
    } finally {
      release(blob.digest());
    }
  }

  private void release(Digest blob) {
    UploadsUnderWay.Claim claim = claims.remove(blob);
    if (claim != null) {
      claim.close();
    }
  }

  @Override
  public boolean hasManifest(Descriptor child) throws IOException {
    return repository.find(child.digest().toString()).isPresent();
  }

  @Override
  public void put(RawManifest child) throws IOException {
    put(child.digest().toString(), child);
  }

  @Override
  public void finish(RawManifest target) throws IOException {
    Optional<Digest> wanted = reference.digest();
    if (wanted.isPresent() && !wanted.get().equals(target.digest())) {
      throw new ImageException(
          Kind.INVALID_REQUEST,
          "cannot copy to %s: what is copied has the digest %s"
              .formatted(reference.familiar(), target.digest()));
    }
    put(reference.tag().orElseGet(() -> target.digest().toString()), target);
  }

  private void put(String tagOrDigest, RawManifest manifest) throws IOException {
    repository.put(tagOrDigest, manifest.descriptor().mediaType(), manifest.bytes());
  }

  @Override
  public void close() {
    claims.keySet().forEach(this::release);
  }
}
