package dev.coffer.image.archive;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** An OCI image layout. Source: OCI image-spec image-layout.md. */
final class OciLayout {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_BLOBS = 20_000;
  private static final String FULL_NAME = "io.containerd.image.name";
  private static final String NAME = "org.opencontainers.image.ref.name";

  private final ArchiveFiles files;
  private final ContentStore content;
  private final Optional<Platform> platform;
  private final Set<Digest> seen = new HashSet<>();

  OciLayout(ArchiveFiles files, ContentStore content, Optional<Platform> platform) {
    this.files = files;
    this.content = content;
    this.platform = platform;
  }

  List<LoadedTarget> load(byte[] indexJson) throws IOException {
    checkVersion();
    Index index = Index.read(JsonCursor.read("index.json", indexJson, Limits.CONFIG));
    Map<Digest, Descriptor> targets = new LinkedHashMap<>();
    Map<Digest, List<Reference>> names = new LinkedHashMap<>();
    Map<Digest, List<String>> spellings = new LinkedHashMap<>();
    for (Descriptor entry : index.manifests()) {
      Descriptor target = choose(entry);
      take(target, 0);
      targets.putIfAbsent(target.digest(), target.withAnnotations(Map.of()));
      names.computeIfAbsent(target.digest(), _ -> new ArrayList<>()).addAll(name(entry));
      spellings.computeIfAbsent(target.digest(), _ -> new ArrayList<>()).addAll(spelt(entry));
    }
    if (targets.isEmpty()) {
      throw new ImageException(Kind.MALFORMED, "malformed image layout: index.json lists nothing");
    }
    return targets.values().stream()
        .map(
            target ->
                new LoadedTarget(
                    target, names.get(target.digest()), spellings.get(target.digest())))
        .toList();
  }

  private void checkVersion() throws IOException {
    byte[] json =
        files
            .read("oci-layout", ArchiveLoader.MAX_DOCUMENT)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.MALFORMED, "malformed image layout: oci-layout is missing"));
    JsonCursor version =
        JsonCursor.read("oci-layout", json, Limits.CONFIG).field("imageLayoutVersion");
    if (!version.string().startsWith("1.")) {
      throw new ImageException(
          Kind.NOT_SUPPORTED, "not supported: image layout version " + version.string());
    }
  }

  private static List<String> spelt(Descriptor entry) {
    return Stream.of(FULL_NAME, NAME)
        .map(entry.annotations()::get)
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<Reference> name(Descriptor entry) {
    String full = entry.annotations().get(FULL_NAME);
    String name = full != null ? full : entry.annotations().getOrDefault(NAME, "");
    // A bare word is a tag without a repository, which names nothing here.
    if (name.indexOf('/') < 0 && name.indexOf(':') < 0) {
      return List.of();
    }
    try {
      return List.of(Reference.parse(name).orLatest());
    } catch (IllegalArgumentException notAReference) {
      return List.of();
    }
  }

  /** The manifest for the wanted platform, when there is one and the entry is an index. */
  private Descriptor choose(Descriptor entry) throws IOException {
    if (platform.isEmpty() || !MediaTypes.isIndex(entry.mediaType())) {
      return entry;
    }
    store(entry);
    Index index = Index.read(document(entry));
    for (Descriptor manifest : index.manifests()) {
      if (manifest.platform().isPresent() && platform.get().matches(manifest.platform().get())) {
        return choose(manifest);
      }
    }
    List<String> offered =
        index.manifests().stream()
            .flatMap(manifest -> manifest.platform().stream())
            .map(Platform::toString)
            .filter(text -> !text.startsWith("unknown"))
            .toList();
    throw new ImageException(
        Kind.NO_SUCH_PLATFORM,
        "no image for platform %s in the archive: it has %s"
            .formatted(platform.get(), String.join(", ", offered)));
  }

  private void take(Descriptor descriptor, int depth) throws IOException {
    if (depth > MAX_DEPTH || seen.size() > MAX_BLOBS) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED, "archive exceeds its limits: indexes too deep or too many blobs");
    }
    if (!seen.add(descriptor.digest())) {
      return;
    }
    if (MediaTypes.isSchema1(descriptor.mediaType())) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "not supported: manifest %s is of schema 1 (save the image again with a current tool)"
              .formatted(descriptor.digest()));
    }
    store(descriptor);
    if (MediaTypes.isIndex(descriptor.mediaType())) {
      takeIndex(descriptor, depth);
    } else if (MediaTypes.isManifest(descriptor.mediaType())) {
      Manifest manifest = Manifest.read(document(descriptor));
      take(manifest.config(), depth + 1);
      for (Descriptor layer : manifest.layers()) {
        take(layer, depth + 1);
      }
    }
  }

  /** A layout may hold only some of the manifests that its index lists, but must hold one. */
  private void takeIndex(Descriptor descriptor, int depth) throws IOException {
    boolean any = false;
    for (Descriptor child : Index.read(document(descriptor)).manifests()) {
      if (isThere(child)) {
        take(child, depth + 1);
        any = true;
      }
    }
    if (!any) {
      throw missing(descriptor.digest() + "'s manifests");
    }
  }

  private boolean isThere(Descriptor descriptor) throws IOException {
    return content.has(descriptor.digest())
        || files.store(path(descriptor.digest()), Optional.of(descriptor.digest())).isPresent();
  }

  private void store(Descriptor descriptor) throws IOException {
    Digest digest = descriptor.digest();
    Optional<StoredBlob> stored = files.store(path(digest), Optional.of(digest));
    Optional<Long> size = stored.isPresent() ? stored.map(StoredBlob::size) : content.size(digest);
    if (size.isEmpty()) {
      throw missing("blob " + digest);
    }
    if (size.get() != descriptor.size()) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "size mismatch: blob %s has %d bytes, its descriptor says %d"
              .formatted(digest, size.get(), descriptor.size()));
    }
  }

  private static ImageException missing(String what) {
    return new ImageException(Kind.MALFORMED, "malformed image layout: " + what + " is missing");
  }

  private JsonCursor document(Descriptor descriptor) throws IOException {
    byte[] json = content.read(descriptor.digest(), ArchiveLoader.MAX_DOCUMENT);
    return JsonCursor.read(descriptor.digest().toString(), json, Limits.CONFIG);
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }
}
