package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a reference points at, read and found complete.
 *
 * @param target the manifest or index
 * @param blobs all blobs that hang on it, its own included
 * @param images the images in it, one for each platform; their references are not filled in
 * @param manifests the manifest of each image, by the manifest's digest
 */
record StoredTarget(
    Descriptor target, Set<Digest> blobs, List<Image> images, Map<Digest, Manifest> manifests) {
  StoredTarget {
    blobs = Set.copyOf(blobs);
    images = List.copyOf(images);
    manifests = Map.copyOf(manifests);
  }
}
