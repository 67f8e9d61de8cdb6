package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the manifests of a tree in another format. */
final class Conversion {
  private final ManifestFormat format;
  private final Map<Digest, RawManifest> done = new HashMap<>();

  private Conversion(ManifestFormat format) {
    this.format = format;
  }

  /**
   * All manifests of a tree in a format, each after those that it lists, the target last.
   *
   * @throws ImageException NOT_SUPPORTED when one cannot be written so
   */
  static List<RawManifest> of(ManifestTree tree, Optional<ManifestFormat> format)
      throws ImageException {
    List<RawManifest> all = new ArrayList<>();
    if (format.isEmpty()) {
      tree.upwards().forEach(each -> all.add(each.self()));
      return all;
    }
    Conversion conversion = new Conversion(format.get());
    for (ManifestTree each : tree.upwards()) {
      all.add(conversion.convert(each));
    }
    return all;
  }

  private RawManifest convert(ManifestTree tree) throws ImageException {
    RawManifest converted =
        tree.self().isIndex() ? index(tree) : format.image(tree.self(), tree.self().manifest());
    done.put(tree.self().digest(), converted);
    return converted;
  }

  private RawManifest index(ManifestTree tree) throws ImageException {
    if (!tree.missing().isEmpty()) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "cannot write index %s as %s: not all that it lists is there (choose one with --platform)"
              .formatted(tree.self().digest(), format.word()));
    }
    Index index = tree.self().index();
    List<Descriptor> manifests = new ArrayList<>();
    for (Descriptor listed : index.manifests()) {
      RawManifest converted = done.get(listed.digest());
      if (converted == null) {
        throw new ImageException(
            Kind.NOT_SUPPORTED,
            "cannot write index %s as %s: it lists %s, which is no manifest"
                .formatted(tree.self().digest(), format.word(), listed.digest()));
      }
      Descriptor to = converted.descriptor();
      manifests.add(
          converted.digest().equals(listed.digest())
              ? listed
              : listed.withTarget(to.mediaType(), to.digest(), to.size()));
    }
    return format.index(tree.self(), index, manifests);
  }
}
