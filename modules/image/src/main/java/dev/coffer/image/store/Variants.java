package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.Variant;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which platforms a target has, and which of them are in the store. For use once. */
final class Variants {
  /** What stands for a platform in an entry that is no image, such as an attestation. */
  private static final String NONE = "unknown";

  private final StoredTarget target;
  private final ContentStore content;
  private final Map<Digest, Image> here = new LinkedHashMap<>();
  private final List<Variant> found = new ArrayList<>();

  private Variants(StoredTarget target, List<Image> images, ContentStore content) {
    this.target = target;
    this.content = content;
    images.forEach(image -> here.put(image.manifest().digest(), image));
  }

  /**
   * Those of a target.
   *
   * @param images the target's, with their names
   */
  static List<Variant> of(StoredTarget target, List<Image> images, ContentStore content)
      throws IOException {
    Variants variants = new Variants(target, images, content);
    variants.visit(target.target());
    return List.copyOf(variants.found);
  }

  /** Only images that are not here are taken at an index's word. */
  private void visit(Descriptor descriptor) throws IOException {
    Image image = here.get(descriptor.digest());
    if (image != null) {
      found.add(
          new Variant(
              image.config().platform(), descriptor.digest(), Optional.of(image), bytes(image)));
    } else if (MediaTypes.isIndex(descriptor.mediaType())
        && target.blobs().contains(descriptor.digest())) {
      byte[] json = content.read(descriptor.digest(), TargetReader.MAX_DOCUMENT);
      String name = descriptor.digest().toString();
      for (Descriptor listed : Index.read(JsonCursor.read(name, json, Limits.CONFIG)).manifests()) {
        visit(listed);
      }
    } else {
      descriptor
          .platform()
          .filter(platform -> !platform.os().equals(NONE))
          .ifPresent(
              platform ->
                  found.add(new Variant(platform, descriptor.digest(), Optional.empty(), 0)));
    }
  }

  private long bytes(Image image) {
    Manifest manifest = target.manifests().get(image.manifest().digest());
    long layers = manifest.layers().stream().mapToLong(Descriptor::size).sum();
    return image.manifest().size() + manifest.config().size() + layers;
  }
}
