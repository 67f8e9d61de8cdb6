package dev.coffer.image.list;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.copy.ImageSource;
import dev.coffer.image.copy.RawManifest;
import dev.coffer.image.copy.StoreSource;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A list with its members from wherever they are. */
final class ListSource implements ImageSource {
  private final String name;
  private final List<ListMember> members;
  private final StoreSource store;
  private final Remote remote;
  private final Map<Digest, ImageSource> origins = new ConcurrentHashMap<>();
  private final Map<Reference, ImageSource> opened = new ConcurrentHashMap<>();

  /** Opens a name in a registry. */
  interface Remote {
    ImageSource open(Reference reference) throws IOException;
  }

  ListSource(String name, List<ListMember> members, StoreSource store, Remote remote) {
    this.name = name;
    this.members = List.copyOf(members);
    this.store = store;
    this.remote = remote;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RawManifest target() throws IOException {
    return RawManifest.of(name, bytes(members));
  }

  /** The list as others see it. */
  static byte[] bytes(List<ListMember> members) {
    return Json.bytes(Index.of(members.stream().map(ListMember::descriptor).toList()).write());
  }

  /**
   * {@inheritDoc}
   *
   * <p>All that hangs on a remote member is fetched from where the member is.
   */
  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    Optional<RawManifest> here = store.manifest(child);
    if (here.isPresent()) {
      return here;
    }
    ImageSource origin = origins.get(child.digest());
    if (origin == null) {
      Optional<ListMember> member =
          members.stream()
              .filter(each -> each.descriptor().digest().equals(child.digest()) && each.remote())
              .findFirst();
      if (member.isEmpty()) {
        return Optional.empty();
      }
      origin = open(member.get().name().orElseThrow());
    }
    Optional<RawManifest> manifest = origin.manifest(child);
    if (manifest.isPresent()) {
      remember(manifest.get(), origin);
    }
    return manifest;
  }

  private ImageSource open(Reference reference) throws IOException {
    ImageSource source = opened.get(reference);
    if (source == null) {
      source = remote.open(reference);
      opened.put(reference, source);
    }
    return source;
  }

  private void remember(RawManifest manifest, ImageSource origin) throws ImageException {
    if (manifest.isIndex()) {
      manifest.index().manifests().forEach(each -> origins.putIfAbsent(each.digest(), origin));
    } else {
      origins.putIfAbsent(manifest.manifest().config().digest(), origin);
      manifest.manifest().layers().forEach(each -> origins.putIfAbsent(each.digest(), origin));
    }
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    ImageSource origin = origins.get(blob.digest());
    if (origin == null) {
      return store.blob(blob, offset);
    }
    try {
      return origin.blob(blob, offset);
    } catch (ImageException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return store.blob(blob, offset);
      }
      throw e;
    }
  }

  @Override
  public boolean isVerified() {
    return members.stream().noneMatch(ListMember::remote);
  }

  @Override
  public List<Reference> origins(Digest blob) {
    List<Reference> all = new ArrayList<>();
    ImageSource origin = origins.get(blob);
    if (origin != null) {
      all.addAll(origin.origins(blob));
    }
    all.addAll(store.origins(blob));
    return all;
  }

  @Override
  public void close() throws IOException {
    for (ImageSource source : opened.values()) {
      source.close();
    }
  }
}
