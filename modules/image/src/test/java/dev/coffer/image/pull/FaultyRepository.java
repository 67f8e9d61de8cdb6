package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A repository in memory whose blobs arrive as a test says. Only what a pull needs is there. */
public final class FaultyRepository implements RemoteRepository {

  /** How a request for a part of a blob is answered. */
  public interface Sender {
    BlobBody send(Descriptor blob, byte[] bytes, long offset, long length) throws IOException;
  }

  public static final Sender HONEST =
      (_, bytes, offset, length) ->
          new BlobBody(offset, "registry.test", part(bytes, offset, length));

  private final Map<String, RemoteManifest> manifests = new HashMap<>();
  private final Map<Digest, byte[]> blobs = new HashMap<>();
  private final Map<Digest, Sender> senders = new ConcurrentHashMap<>();
  private volatile Sender sender = HONEST;
  private volatile boolean mirrored;

  /** Requests for blobs: {@code <short digest> <offset>+<length>}. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Takes the blobs of an image layout, and its only entry as the tag. */
  public FaultyRepository(String tag, Map<String, byte[]> layout) {
    layout.forEach(
        (name, bytes) -> {
          if (name.startsWith("blobs/")) {
            blobs.put(Digest.ofBytes(bytes), bytes);
          }
        });
    Index index =
        Index.read(
            dev.coffer.spec.json.JsonCursor.read(
                "index.json", layout.get("index.json"), dev.coffer.spec.json.Limits.CONFIG));
    Descriptor target = index.manifests().getFirst();
    manifests.put(tag, document(target));
  }

  private RemoteManifest document(Descriptor descriptor) {
    return new RemoteManifest(
        Descriptor.of(descriptor.mediaType(), descriptor.digest(), descriptor.size()),
        blobs.get(descriptor.digest()));
  }

  static InputStream part(byte[] bytes, long offset, long length) {
    int end = (int) Math.min(bytes.length, offset + length);
    return new ByteArrayInputStream(bytes, (int) offset, end - (int) offset);
  }

  void sendBy(Sender other) {
    sender = other;
  }

  /** A mirror sends a blob, until it is distrusted. */
  void mirrorBy(Digest blob, Sender other) {
    senders.put(blob, other);
    mirrored = true;
  }

  public void sendBy(Digest blob, Sender other) {
    senders.put(blob, other);
  }

  void put(String tag, Descriptor target, byte[] bytes) {
    blobs.put(target.digest(), bytes);
    manifests.put(tag, document(target));
  }

  public void drop(Digest blob) {
    blobs.remove(blob);
  }

  @Override
  public String name() {
    return "registry.test/image";
  }

  @Override
  public RemoteManifest manifest(String tagOrDigest) throws IOException {
    RemoteManifest known = manifests.get(tagOrDigest);
    if (known != null) {
      return known;
    }
    Optional<byte[]> bytes =
        tagOrDigest.contains(":")
            ? Optional.ofNullable(blobs.get(Digest.parse(tagOrDigest)))
            : Optional.empty();
    if (bytes.isEmpty()) {
      throw new ImageException(
          Kind.NOT_FOUND, "manifest unknown: the registry has no \"" + tagOrDigest + "\"");
    }
    String text = new String(bytes.get(), java.nio.charset.StandardCharsets.UTF_8);
    String type = text.contains("\"manifests\"") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    Descriptor descriptor = Descriptor.of(type, Digest.parse(tagOrDigest), bytes.get().length);
    return new RemoteManifest(descriptor, bytes.get());
  }

  @Override
  public Optional<Descriptor> find(String tagOrDigest) {
    return Optional.ofNullable(manifests.get(tagOrDigest)).map(RemoteManifest::descriptor);
  }

  @Override
  public BlobBody blob(Descriptor blob, long offset, long length) throws IOException {
    requests.add(blob.digest().shortHex() + " " + offset + "+" + length);
    byte[] bytes = blobs.get(blob.digest());
    if (bytes == null) {
      throw new ImageException(Kind.NOT_FOUND, "registry.test has no blob " + blob.digest());
    }
    return senders
        .getOrDefault(blob.digest(), sender)
        .send(blob, Arrays.copyOf(bytes, bytes.length), offset, length);
  }

  @Override
  public boolean distrust(Digest blob) {
    senders.remove(blob);
    return mirrored;
  }

  @Override
  public boolean has(Digest blob) {
    return blobs.containsKey(blob);
  }

  @Override
  public boolean mount(Digest blob, String from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void upload(Descriptor blob, BlobContent content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void put(String tagOrDigest, String mediaType, byte[] manifest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> tags() {
    return manifests.keySet().stream().sorted().toList();
  }

  @Override
  public void deleteManifest(String tagOrDigest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteBlob(Digest blob) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Index referrers(Digest subject, Optional<String> artifactType) {
    return Index.of(List.of());
  }
}
