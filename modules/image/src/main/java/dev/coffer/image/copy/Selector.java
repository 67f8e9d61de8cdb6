package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
            .formatted(source.name(), words(absent), present.isEmpty() ? "none" : words(present)));
  }

  private Selected one(RawManifest target, List<Platform> wanted, boolean exactly)
      throws IOException {
    if (!target.isIndex()) {
      if (exactly) {
        refuseOther(target, wanted.getFirst());
      }
      return new Selected(read(target), Optional.empty());
    }
    List<Descriptor> offered = new ArrayList<>();
    flatten(target, offered, 0);
    Descriptor chosen = choose(offered, wanted);
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

  private void flatten(RawManifest index, List<Descriptor> into, int depth) throws IOException {
    if (depth > MAX_DEPTH || into.size() > MAX_MANIFESTS) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED, source.name() + " exceeds its limits: indexes too deep");
    }
    for (Descriptor listed : index.index().manifests()) {
      if (MediaTypes.isIndex(listed.mediaType())) {
        Optional<RawManifest> child = source.manifest(listed);
        if (child.isPresent()) {
          flatten(child.get(), into, depth + 1);
        }
      } else if (ManifestTree.isManifest(listed)) {
        into.add(listed);
      }
    }
  }

  private Descriptor choose(List<Descriptor> offered, List<Platform> wanted) throws ImageException {
    for (Platform each : wanted) {
      for (Descriptor candidate : offered) {
        if (candidate.platform().filter(each::matches).isPresent()) {
          return candidate;
        }
      }
    }
    if (offered.size() == 1 && offered.getFirst().platform().isEmpty()) {
      return offered.getFirst();
    }
    throw new ImageException(
        Kind.NO_SUCH_PLATFORM,
        "no image for platform %s in %s: it has %s"
            .formatted(wanted.getFirst(), source.name(), words(offered)));
  }

  private static String words(List<Descriptor> listed) {
    return listed.stream()
        .map(
            each ->
                each.platform()
                    .map(Platform::toString)
                    .filter(text -> !text.startsWith("unknown"))
                    .orElseGet(() -> each.digest().shortHex()))
        .sorted()
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** A manifest does not say what it is for; its config does. */
  private void refuseOther(RawManifest target, Platform wanted) throws IOException {
    Manifest manifest = target.manifest();
    if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
      return;
    }
    Platform is;
    try (InputStream in =
        VerifiedStream.of(source.name(), manifest.config(), source.blob(manifest.config(), 0))) {
      byte[] json = in.readNBytes(RawManifest.MAX_BYTES);
      is = ImageConfig.read(JsonCursor.read("config", json, Limits.CONFIG)).platform();
    } catch (SpecException e) {
      throw new ImageException(Kind.MALFORMED, "malformed image: " + e.getMessage(), e);
    }
    if (!wanted.matches(is)) {
      throw new ImageException(
          Kind.NO_SUCH_PLATFORM,
          "no image for platform %s in %s: it has %s".formatted(wanted, source.name(), is));
    }
  }
}
