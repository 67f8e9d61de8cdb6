package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.layer.ChainId;
import dev.coffer.image.layer.LayerStore;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads what hangs on a manifest or an index, and checks that it is all there. */
final class TargetReader {
  static final int MAX_DOCUMENT = 4 << 20;
  private static final int MAX_DEPTH = 4;

  private final ContentStore content;
  private final LayerStore layers;
  private final Set<Digest> blobs = new HashSet<>();
  private final List<Image> images = new ArrayList<>();
  private final Map<Digest, Manifest> manifests = new HashMap<>();

  private TargetReader(ContentStore content, LayerStore layers) {
    this.content = content;
    this.layers = layers;
  }

  /**
   * Reads a target.
   *
   * @throws ImageException MALFORMED, NOT_SUPPORTED, or NOT_FOUND when a blob is missing
   */
  static StoredTarget read(Descriptor target, ContentStore content, LayerStore layers)
      throws IOException {
    TargetReader reader = new TargetReader(content, layers);
    try {
      reader.visit(target, 0);
    } catch (SpecException e) {
      throw new ImageException(Kind.MALFORMED, "malformed image: " + e.getMessage(), e);
    }
    if (reader.blobs.isEmpty()) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "not supported: %s (%s) is no manifest".formatted(target.digest(), target.mediaType()));
    }
    return new StoredTarget(target, reader.blobs, reader.images, reader.manifests);
  }

  private void visit(Descriptor descriptor, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new ImageException(Kind.LIMIT_EXCEEDED, "image exceeds its limits: indexes too deep");
    }
    if (MediaTypes.isIndex(descriptor.mediaType())) {
      blobs.add(descriptor.digest());
      for (Descriptor child : Index.read(document(descriptor)).manifests()) {
        if (isHere(child)) {
          visit(child, depth + 1);
        }
      }
    } else if (MediaTypes.isManifest(descriptor.mediaType())) {
      visitManifest(descriptor);
    }
  }

  /**
   * Whether the store has all of what an index lists: it may list more platforms than were loaded,
   * and a pull of another one may be under way or have broken off.
   */
  private boolean isHere(Descriptor listed) throws IOException {
    if (!content.has(listed.digest())) {
      return false;
    }
    if (!MediaTypes.isManifest(listed.mediaType())) {
      return true;
    }
    Manifest manifest = Manifest.read(document(listed));
    return content.has(manifest.config().digest())
        && manifest.layers().stream().allMatch(layer -> content.has(layer.digest()));
  }

  private void visitManifest(Descriptor descriptor) throws IOException {
    Manifest manifest = Manifest.read(document(descriptor));
    blobs.add(descriptor.digest());
    require(manifest.config());
    for (Descriptor layer : manifest.layers()) {
      require(layer);
    }
    if (!MediaTypes.isImageConfig(manifest.config().mediaType()) || !hasOnlyLayers(manifest)) {
      // An attestation or another artifact: kept, not run.
      return;
    }
    ImageConfig config = ImageConfig.read(document(manifest.config()));
    if (config.diffIds().size() != manifest.layers().size()) {
      throw new ImageException(
          Kind.MALFORMED,
          "malformed image: manifest %s has %d layers, its config %d"
              .formatted(descriptor.digest(), manifest.layers().size(), config.diffIds().size()));
    }
    List<Digest> chain = ChainId.of(config.diffIds());
    images.add(
        new Image(
            manifest.config().digest(),
            List.of(),
            config,
            descriptor,
            chain,
            size(manifest, chain)));
    manifests.put(descriptor.digest(), manifest);
  }

  private static boolean hasOnlyLayers(Manifest manifest) throws ImageException {
    for (Descriptor layer : manifest.layers()) {
      if (MediaTypes.isEncrypted(layer.mediaType())) {
        throw new ImageException(
            Kind.NOT_SUPPORTED,
            "not supported: layer %s is encrypted (decrypt the image first)"
                .formatted(layer.digest()));
      }
      if (!MediaTypes.isLayer(layer.mediaType())) {
        return false;
      }
    }
    return true;
  }

  private void require(Descriptor blob) throws ImageException {
    blobs.add(blob.digest());
    if (!content.has(blob.digest())) {
      throw new ImageException(Kind.NOT_FOUND, "blob " + blob.digest() + " is missing");
    }
  }

  private long size(Manifest manifest, List<Digest> chain) {
    long size = 0;
    for (int i = 0; i < chain.size(); i++) {
      OptionalLong unpacked = layers.sizeBytes(chain.get(i));
      size += unpacked.orElse(manifest.layers().get(i).size());
    }
    return size;
  }

  private JsonCursor document(Descriptor descriptor) throws IOException {
    byte[] json = content.read(descriptor.digest(), MAX_DOCUMENT);
    return JsonCursor.read(descriptor.digest().toString(), json, Limits.CONFIG);
  }
}
