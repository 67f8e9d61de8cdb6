package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest with those that it lists, as far as the source has them.
 *
 * @param self the manifest or index
 * @param asListed the descriptor by which it was listed; its own for the target
 * @param children what an index lists
 * @param missing what it lists and the source does not have
 */
record ManifestTree(
    RawManifest self, Descriptor asListed, List<ManifestTree> children, List<Descriptor> missing) {
  ManifestTree {
    children = List.copyOf(children);
    missing = List.copyOf(missing);
  }

  /** All manifests, each after those that it lists. */
  List<ManifestTree> upwards() {
    List<ManifestTree> all = new ArrayList<>();
    children.forEach(child -> all.addAll(child.upwards()));
    all.add(this);
    return all;
  }

  /** All blobs that hang on it, each once. */
  Map<Digest, Descriptor> blobs() throws ImageException {
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    for (ManifestTree each : upwards()) {
      if (each.self.isIndex()) {
        // A build cache lists its layers in an index.
        for (Descriptor listed : each.self.index().manifests()) {
          if (!isManifest(listed)) {
            blobs.putIfAbsent(listed.digest(), listed);
          }
        }
      } else {
        Manifest manifest = each.self.manifest();
        blobs.putIfAbsent(manifest.config().digest(), manifest.config());
        manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
      }
    }
    return blobs;
  }

  /** Whether it is the manifest of an image, and of no attestation or other artifact. */
  boolean isImage() throws ImageException {
    if (self.isIndex()) {
      return false;
    }
    Manifest manifest = self.manifest();
    return MediaTypes.isImageConfig(manifest.config().mediaType())
        && manifest.layers().stream().allMatch(layer -> MediaTypes.isLayer(layer.mediaType()));
  }

  static boolean isManifest(Descriptor listed) {
    return listed.mediaType().isEmpty()
        || MediaTypes.isIndex(listed.mediaType())
        || MediaTypes.isManifest(listed.mediaType())
        || MediaTypes.isSchema1(listed.mediaType());
  }
}
