package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Registries in memory that are as strict as Debian's: what a manifest names must be there. */
public final class FakeRegistry implements RepositoryOpener {
  private final Map<String, Repository> repositories = new ConcurrentHashMap<>();

  /** What was asked for: {@code upload}, {@code mount}, {@code put}, with repository and object. */
  public final List<String> log = new CopyOnWriteArrayList<>();

  @Override
  public Repository open(Reference reference, RegistryAccess access) {
    return open(reference.name());
  }

  Repository open(String name) {
    return repositories.computeIfAbsent(name, Repository::new);
  }

  /** One repository. */
  final class Repository implements RemoteRepository {
    private final String name;
    final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, RemoteManifest> manifests = new ConcurrentHashMap<>();

    Repository(String name) {
      this.name = name;
    }

    private ImageException none(Object what) {
      return new ImageException(Kind.NOT_FOUND, name + " has no " + what);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public RemoteManifest manifest(String tagOrDigest) throws IOException {
      RemoteManifest found = manifests.get(tagOrDigest);
      if (found == null) {
        throw none("manifest " + tagOrDigest);
      }
      return found;
    }

    @Override
    public Optional<Descriptor> find(String tagOrDigest) {
      return Optional.ofNullable(manifests.get(tagOrDigest)).map(RemoteManifest::descriptor);
    }

    @Override
    public BlobBody blob(Descriptor blob, long offset, long length) throws IOException {
      byte[] bytes = blobs.get(blob.digest());
      if (bytes == null) {
        throw none("blob " + blob.digest());
      }
      // As a registry without ranges.
      return new BlobBody(0, name, new ByteArrayInputStream(bytes));
    }

    @Override
    public boolean distrust(Digest blob) {
      return false;
    }

    @Override
    public boolean has(Digest blob) {
      return blobs.containsKey(blob);
    }

    @Override
    public boolean mount(Digest blob, String from) {
      Repository other = open(name.substring(0, name.indexOf('/') + 1) + from);
      byte[] bytes = other.blobs.get(blob);
      log.add("mount " + name + " " + blob.shortHex() + " " + from);
      if (bytes != null) {
        blobs.put(blob, bytes);
      }
      return bytes != null;
    }

    @Override
    public void upload(Descriptor blob, BlobContent content) throws IOException {
      log.add("upload " + name + " " + blob.digest().shortHex());
      try (InputStream in = content.open(0)) {
        byte[] bytes = in.readAllBytes();
        if (!Digest.of(blob.digest().algorithm(), bytes).equals(blob.digest())) {
          throw new ImageException(Kind.DIGEST_MISMATCH, name + " got other bytes");
        }
        blobs.put(blob.digest(), bytes);
      }
    }

    @Override
    public void put(String tagOrDigest, String mediaType, byte[] manifest) throws IOException {
      Digest digest = Digest.ofBytes(manifest);
      log.add("put " + name + " " + (tagOrDigest.contains(":") ? digest.shortHex() : tagOrDigest));
      JsonCursor root = JsonCursor.read(name, manifest, Limits.CONFIG);
      if (MediaTypes.isIndex(mediaType)) {
        for (Descriptor child : Index.read(root).manifests()) {
          if (!manifests.containsKey(child.digest().toString()) && !has(child.digest())) {
            throw new ImageException(Kind.MALFORMED, "manifest unknown: " + child.digest());
          }
        }
      } else {
        List<Descriptor> needed = new ArrayList<>(Manifest.read(root).layers());
        needed.add(Manifest.read(root).config());
        for (Descriptor blob : needed) {
          if (!has(blob.digest()) && !MediaTypes.isForeignLayer(blob.mediaType())) {
            throw new ImageException(Kind.MALFORMED, "blob unknown: " + blob.digest());
          }
        }
      }
      RemoteManifest kept =
          new RemoteManifest(Descriptor.of(mediaType, digest, manifest.length), manifest);
      manifests.put(digest.toString(), kept);
      manifests.put(tagOrDigest, kept);
    }

    @Override
    public List<String> tags() {
      return manifests.keySet().stream().filter(key -> !key.contains(":")).sorted().toList();
    }

    @Override
    public void deleteManifest(String tagOrDigest) {
      manifests.remove(tagOrDigest);
    }

    @Override
    public void deleteBlob(Digest blob) {
      blobs.remove(blob);
    }

    @Override
    public Index referrers(Digest subject, Optional<String> artifactType) {
      return Index.of(List.of());
    }
  }
}
