package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From a name to the manifests that are wanted: indexes are followed, whatever is nested in them,
 * within bounds. For use by one thread.
 */
final class Resolution {
  private static final int MAX_DEPTH = 4;
  private static final int MAX_INDEXES = 32;
  private static final int MAX_LAYERS = 1000;

  /**
   * A manifest that is wanted.
   *
   * @param document as it came
   * @param manifest what it says
   */
  record Chosen(RemoteManifest document, Manifest manifest) {}

  /** A manifest that an index lists. */
  private record Listed(Descriptor descriptor, Optional<Platform> platform) {
    /** What says something about an image and is none, as BuildKit marks it. */
    boolean isAttestation() {
      return platform.filter(each -> each.os().equals("unknown")).isPresent();
    }
  }

  private final RemoteRepository repository;
  private final List<RemoteManifest> indexes = new ArrayList<>();
  private final List<Chosen> chosen = new ArrayList<>();

  private Resolution(RemoteRepository repository) {
    this.repository = repository;
  }

  /**
   * Resolves what a name stands for.
   *
   * @param root the manifest or index that it names
   * @throws ImageException NO_SUCH_PLATFORM, LIMIT_EXCEEDED, MALFORMED, and what the repository
   *     throws
   */
  static Resolution of(RemoteRepository repository, RemoteManifest root, PullOptions options)
      throws IOException {
    Resolution resolution = new Resolution(repository);
    try {
      resolution.resolve(root, options);
    } catch (SpecException e) {
      throw new ImageException(
          Kind.MALFORMED,
          "malformed manifest %s of \"%s\": %s"
              .formatted(root.descriptor().digest(), repository.name(), e.getMessage()),
          e);
    }
    return resolution;
  }

  /** All indexes on the way, outermost first. */
  List<RemoteManifest> indexes() {
    return List.copyOf(indexes);
  }

  /** The manifests that are wanted, at least one. */
  List<Chosen> chosen() {
    return List.copyOf(chosen);
  }

  private void resolve(RemoteManifest root, PullOptions options) throws IOException {
    if (!MediaTypes.isIndex(root.descriptor().mediaType())) {
      choose(root);
      return;
    }
    List<Listed> listed = new ArrayList<>();
    list(root, 0, listed);
    choose(fetch(best(listed, options).descriptor));
  }

  private void list(RemoteManifest index, int depth, List<Listed> into) throws IOException {
    if (depth >= MAX_DEPTH || indexes.size() >= MAX_INDEXES) {
      throw exceeded(
          "indexes within indexes, more than " + MAX_INDEXES + " or " + MAX_DEPTH + " deep");
    }
    indexes.add(index);
    for (Descriptor each : Index.read(json(index)).manifests()) {
      if (MediaTypes.isIndex(each.mediaType())) {
        if (indexes.stream().anyMatch(known -> known.descriptor().digest().equals(each.digest()))) {
          throw exceeded("an index that is part of itself, or listed twice");
        }
        list(fetch(each), depth + 1, into);
      } else {
        into.add(new Listed(each, each.platform()));
      }
    }
  }

  private Listed best(List<Listed> listed, PullOptions options) throws ImageException {
    List<Listed> images =
        listed.stream()
            .filter(each -> !each.isAttestation())
            .filter(each -> MediaTypes.isManifest(each.descriptor.mediaType()))
            .toList();
    List<Platform> wanted = Platform.wanted(options.platform());
    return Platform.bestListed(wanted, images, Listed::platform)
        .orElseThrow(() -> none(wanted, images));
  }

  private ImageException none(List<Platform> wanted, List<Listed> images) {
    Set<String> offered =
        images.stream()
            .map(each -> each.platform.map(Platform::toString).orElse("an image of no platform"))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new ImageException(
        Kind.NO_SUCH_PLATFORM,
        "\"%s\" has no image for platform %s: it has %s"
            .formatted(
                repository.name(),
                wanted.getFirst(),
                offered.isEmpty() ? "no image at all" : String.join(", ", offered)));
  }

  private RemoteManifest fetch(Descriptor wanted) throws IOException {
    RemoteManifest fetched = repository.manifest(wanted.digest().toString());
    if (fetched.descriptor().size() != wanted.size()) {
      throw new ImageException(
          Kind.MALFORMED,
          "malformed index of \"%s\": manifest %s has %d bytes, not %d"
              .formatted(
                  repository.name(), wanted.digest(), fetched.descriptor().size(), wanted.size()));
    }
    return fetched;
  }

  private void choose(RemoteManifest document) throws IOException {
    Manifest manifest = Manifest.read(json(document));
    if (manifest.layers().size() > MAX_LAYERS) {
      throw exceeded("more than " + MAX_LAYERS + " layers");
    }
    for (Descriptor layer : manifest.layers()) {
      if (MediaTypes.isEncrypted(layer.mediaType())) {
        throw new ImageException(
            Kind.NOT_SUPPORTED,
            "not supported: layer %s of \"%s\" is encrypted (decrypt the image first)"
                .formatted(layer.digest(), repository.name()));
      }
    }
    chosen.add(new Chosen(document, manifest));
  }

  private ImageException exceeded(String what) {
    return new ImageException(
        Kind.LIMIT_EXCEEDED, "\"%s\" exceeds its limits: %s".formatted(repository.name(), what));
  }

  private static JsonCursor json(RemoteManifest document) {
    return JsonCursor.read(
        document.descriptor().digest().toString(), document.bytes(), Limits.CONFIG);
  }
}
