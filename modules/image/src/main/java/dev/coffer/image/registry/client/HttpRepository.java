package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A repository that is spoken to over HTTP. */
final class HttpRepository implements RemoteRepository {
  private static final int MOST_TAGS = 1_000_000;

  private final Reference name;
  private final Places places;
  private final Naming naming;
  private final Manifests manifests;
  private final Blobs blobs;
  private final Referrers referrers;

  HttpRepository(Reference name, Places places) {
    this.name = name;
    this.places = places;
    this.naming = new Naming(name);
    this.manifests = new Manifests(places, naming);
    this.blobs = new Blobs(places, naming);
    this.referrers = new Referrers(places, manifests, naming);
  }

  @Override
  public String name() {
    return name.familiarName();
  }

  @Override
  public RemoteManifest manifest(String tagOrDigest) throws IOException {
    return manifests.get(tagOrDigest);
  }

  @Override
  public Optional<Descriptor> find(String tagOrDigest) throws IOException {
    return manifests.find(tagOrDigest);
  }

  @Override
  public BlobBody blob(Descriptor blob, long offset, long length) throws IOException {
    return blobs.open(blob, offset, length);
  }

  @Override
  public boolean distrust(Digest blob) {
    return blobs.distrust(blob);
  }

  @Override
  public boolean has(Digest blob) throws IOException {
    return blobs.has(blob);
  }

  @Override
  public boolean mount(Digest blob, String from) throws IOException {
    String object = naming.blob(blob);
    return places.write(object, place -> BlobUpload.mount(place, blob, from, object));
  }

  @Override
  public void upload(Descriptor blob, BlobContent content) throws IOException {
    String object = naming.blob(blob.digest());
    places.write(
        object,
        place -> {
          new BlobUpload(place, blob, content, object).run();
          return true;
        });
  }

  @Override
  public void put(String tagOrDigest, String mediaType, byte[] manifest) throws IOException {
    boolean noted = manifests.put(tagOrDigest, mediaType, manifest);
    if (!noted && Referrers.subject(manifest).isPresent()) {
      Digest digest = naming.digest(tagOrDigest).orElseGet(() -> Digest.ofBytes(manifest));
      note(Descriptor.of(mediaType, digest, manifest.length), manifest);
    }
  }

  private void note(Descriptor descriptor, byte[] manifest) throws IOException {
    try {
      referrers.add(descriptor, manifest);
    } catch (SpecException e) {
      throw new ImageException(
          ImageException.Kind.MALFORMED,
          "cannot note manifest %s at its subject: %s"
              .formatted(descriptor.digest(), e.getMessage().replaceFirst("^: ", "")),
          e);
    }
  }

  @Override
  public List<String> tags() throws IOException {
    String object = "tags of " + naming.whole();
    return places.read(
        Capability.RESOLVE,
        object,
        place -> {
          List<String> tags = new ArrayList<>();
          boolean ignored =
              new Pages(place, object)
                  .read(
                      place.path("/tags/list"),
                      Set.of(),
                      Scope.pull(place.endpoint().path()),
                      (page, _) ->
                          Pages.add(
                              tags,
                              page.field("tags").list(JsonCursor::string),
                              MOST_TAGS,
                              "tags"));
          return List.copyOf(tags);
        });
  }

  @Override
  public void deleteManifest(String tagOrDigest) throws IOException {
    Optional<Digest> digest = naming.digest(tagOrDigest);
    Optional<Digest> subject = digest.isPresent() ? subject(tagOrDigest) : Optional.empty();
    manifests.delete(tagOrDigest);
    if (subject.isPresent()) {
      referrers.remove(digest.orElseThrow(), subject.get());
    }
  }

  /** What cannot be read can be deleted all the same. */
  private Optional<Digest> subject(String digest) throws IOException {
    try {
      return Referrers.subject(manifests.get(digest).bytes());
    } catch (ImageException e) {
      return switch (e.kind()) {
        case MALFORMED, NOT_SUPPORTED, LIMIT_EXCEEDED, DIGEST_MISMATCH -> Optional.empty();
        default -> throw e;
      };
    }
  }

  @Override
  public void deleteBlob(Digest blob) throws IOException {
    blobs.delete(blob);
  }

  @Override
  public Index referrers(Digest subject, Optional<String> artifactType) throws IOException {
    return referrers.of(subject, artifactType);
  }
}
