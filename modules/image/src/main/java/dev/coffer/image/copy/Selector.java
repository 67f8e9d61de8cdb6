package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the manifests of a source and decides which of them are copied. */
final class Selector {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_MANIFESTS = 2000;

  private final ImageSource source;
  private final ImageDestination destination;
  private int manifests;

  Selector(ImageSource source, ImageDestination destination) {
    this.source = source;
    this.destination = destination;
  }

  /**
   * What to copy.
   *
   * @param partOf the index of which it is a part that the user did not ask for
   */
  record Selected(ManifestTree tree, Optional<Descriptor> partOf) {}

  Selected select(Selection selection) throws IOException {
    RawManifest target = source.target();
    return switch (selection) {
      case Selection.All _ -> {
        ManifestTree tree = read(target);
        List<Descriptor> absent = absent(tree);
        if (!absent.isEmpty()) {
          throw incomplete(tree, absent);
        }
        yield new Selected(tree, Optional.empty());
      }
      case Selection.AllOrTheOnlyOne _ -> allOrTheOnlyOne(read(target));
      case Selection.For(Platform platform) -> one(target, List.of(platform), true);
      case Selection.ForHost _ -> one(target, Platform.host().runnable(), false);
    };
  }

  private ManifestTree read(RawManifest target) throws IOException {
    return read(target, target.descriptor(), 0);
  }

  private ManifestTree read(RawManifest self, Descriptor asListed, int depth) throws IOException {
    if (depth > MAX_DEPTH || ++manifests > MAX_MANIFESTS) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED,
          "%s exceeds its limits: indexes too deep or too many manifests".formatted(source.name()));
    }
    List<ManifestTree> children = new ArrayList<>();
    List<Descriptor> missing = new ArrayList<>();
    if (self.isIndex()) {
      for (Descriptor listed : self.index().manifests()) {
        if (ManifestTree.isManifest(listed)) {
          Optional<RawManifest> child = source.manifest(listed);
          if (child.isPresent()) {
            children.add(read(child.get(), listed, depth + 1));
          } else {
            missing.add(listed);
          }
        }
      }
    }
    return new ManifestTree(self, asListed, children, missing);
  }

  private Selected allOrTheOnlyOne(ManifestTree tree) throws IOException {
    List<Descriptor> absent = absent(tree);
    if (absent.isEmpty()) {
      return new Selected(tree, Optional.empty());
    }
    List<ManifestTree> images = images(tree);
    if (images.size() == 1) {
      return new Selected(images.getFirst(), Optional.of(tree.self().descriptor()));
    }
    throw incomplete(tree, absent);
  }

  /** What is neither in the source nor at the destination, which may have it from before. */
  private List<Descriptor> absent(ManifestTree tree) throws IOException {
    List<Descriptor> absent = new ArrayList<>();
    for (ManifestTree each : tree.upwards()) {
      for (Descriptor missing : each.missing()) {
        if (!destination.hasManifest(missing)) {
          absent.add(missing);
        }
      }
    }
    return absent;
  }

  private static List<ManifestTree> images(ManifestTree tree) throws ImageException {
    List<ManifestTree> images = new ArrayList<>();
    for (ManifestTree each : tree.upwards()) {
      if (each.isImage()) {
        images.add(each);
      }
    }
    return images;
  }

  private ImageException incomplete(ManifestTree tree, List<Descriptor> absent)
      throws ImageException {
    List<Descriptor> present = new ArrayList<>();
    for (ManifestTree image : images(tree)) {
      present.add(image.asListed());
    }
    return new ImageException(
        Kind.CONFLICT,
        "cannot copy all of %s: it lacks the manifests for %s and has those for %s (fetch the others, or choose one with --platform)"
            .formatted(
                source.name(),
                PlatformChoice.words(absent),
                present.isEmpty() ? "none" : PlatformChoice.words(present)));
  }

  private Selected one(RawManifest target, List<Platform> wanted, boolean exactly)
      throws IOException {
    Descriptor chosen = PlatformChoice.choose(source, target, wanted, exactly);
    if (chosen.digest().equals(target.digest())) {
      return new Selected(read(target), Optional.empty());
    }
    RawManifest manifest =
        source
            .manifest(chosen)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND,
                        "%s does not hold its image for platform %s (fetch it first)"
                            .formatted(
                                source.name(),
                                chosen.platform().map(Platform::toString).orElse("unknown"))));
    return new Selected(read(manifest), Optional.empty());
  }
}
