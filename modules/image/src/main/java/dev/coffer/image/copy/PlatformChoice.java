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

/** Chooses the manifest of a source that suits a platform. */
public final class PlatformChoice {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_MANIFESTS = 2000;

  private final ImageSource source;

  private PlatformChoice(ImageSource source) {
    this.source = source;
  }

  /**
   * The best manifest of a source for this host, with its platform; that of a source that has one
   * only, whatever it is for.
   *
   * @throws ImageException NO_SUCH_PLATFORM
   */
  public static Descriptor forHost(ImageSource source) throws IOException {
    RawManifest target = source.target();
    if (target.isIndex()) {
      return choose(source, target, Platform.host().runnable(), false);
    }
    Optional<Platform> platform = new PlatformChoice(source).platform(target.manifest());
    return platform.map(target.descriptor()::withPlatform).orElse(target.descriptor());
  }

  /**
   * The best manifest for one of some platforms.
   *
   * @param exactly whether a target that is no index must be for one of them, too
   */
  static Descriptor choose(
      ImageSource source, RawManifest target, List<Platform> wanted, boolean exactly)
      throws IOException {
    PlatformChoice choice = new PlatformChoice(source);
    if (target.isIndex()) {
      List<Descriptor> offered = new ArrayList<>();
      choice.flatten(target, offered, 0);
      return Platform.bestListed(wanted, offered, Descriptor::platform)
          .orElseThrow(() -> choice.none(wanted, words(offered)));
    }
    if (exactly) {
      Optional<Platform> is = choice.platform(target.manifest());
      if (is.isPresent() && wanted.stream().noneMatch(each -> each.matches(is.get()))) {
        throw choice.none(wanted, is.get().toString());
      }
    }
    return target.descriptor();
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

  private ImageException none(List<Platform> wanted, String has) {
    return new ImageException(
        Kind.NO_SUCH_PLATFORM,
        "no image for platform %s in %s: it has %s"
            .formatted(wanted.getFirst(), source.name(), has));
  }

  static String words(List<Descriptor> listed) {
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

  /** A manifest does not say what it is for; its config does, unless it is an artifact's. */
  private Optional<Platform> platform(Manifest manifest) throws IOException {
    if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
      return Optional.empty();
    }
    try (InputStream in =
        VerifiedStream.of(source.name(), manifest.config(), source.blob(manifest.config(), 0))) {
      byte[] json = in.readNBytes(RawManifest.MAX_BYTES);
      return Optional.of(
          ImageConfig.read(JsonCursor.read("config", json, Limits.CONFIG)).platform());
    } catch (SpecException e) {
      throw new ImageException(Kind.MALFORMED, "malformed image: " + e.getMessage(), e);
    }
  }
}
