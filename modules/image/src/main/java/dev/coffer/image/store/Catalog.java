package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All that the store knows, at one moment, for lookups that touch no file. Immutable; a change
 * makes a new one.
 */
final class Catalog {
  private static final Pattern ID = Pattern.compile("(sha256:|sha512:)?([0-9a-f]{1,128})");

  private final List<ReferenceRecord> records;
  private final Map<Digest, StoredTarget> targets;
  private final Map<Reference, StoredTarget> byReference = new LinkedHashMap<>();
  private final NavigableMap<String, List<Image>> byIdHex = new TreeMap<>();
  private final Map<Digest, List<Reference>> names = new LinkedHashMap<>();
  private final List<Image> images;

  /**
   * @param records the references, each to a target that is among the others
   * @param targets by digest; those that no record needs are left out
   */
  Catalog(List<ReferenceRecord> records, Map<Digest, StoredTarget> targets) {
    this.records = List.copyOf(records);
    Set<Digest> needed =
        records.stream().map(record -> record.target().digest()).collect(Collectors.toSet());
    this.targets =
        targets.entrySet().stream()
            .filter(entry -> needed.contains(entry.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    for (ReferenceRecord record : records) {
      StoredTarget target = targets.get(record.target().digest());
      record.reference().ifPresent(reference -> byReference.put(reference, target));
      for (Image image : target.images()) {
        List<Reference> of = names.computeIfAbsent(image.id(), _ -> new ArrayList<>());
        record.reference().ifPresent(of::add);
      }
    }
    Map<Digest, Image> byId = new LinkedHashMap<>();
    for (StoredTarget target : this.targets.values()) {
      target.images().forEach(image -> byId.putIfAbsent(image.id(), named(image)));
    }
    byId.forEach(
        (id, image) -> byIdHex.computeIfAbsent(id.hex(), _ -> new ArrayList<>()).add(image));
    Comparator<Image> byAge =
        Comparator.comparing(image -> image.config().created().orElse(Instant.EPOCH));
    this.images = byId.values().stream().sorted(byAge.reversed().thenComparing(Image::id)).toList();
  }

  private Image named(Image image) {
    List<Reference> references =
        names.get(image.id()).stream()
            .sorted(Comparator.comparing(Reference::toString))
            .distinct()
            .toList();
    return new Image(
        image.id(),
        references,
        image.config(),
        image.manifest(),
        image.chainIds(),
        image.sizeBytes());
  }

  List<ReferenceRecord> records() {
    return records;
  }

  Map<Digest, StoredTarget> targets() {
    return targets;
  }

  /** All images, newest first. */
  List<Image> images() {
    return images;
  }

  Optional<StoredTarget> target(Reference reference) {
    return Optional.ofNullable(byReference.get(reference));
  }

  /**
   * What a name or id means.
   *
   * @param reference the name; of an id of an image none, of an artifact's id its first
   * @param target what holds it
   * @param images the images in it; of an id the only one, of an artifact none
   */
  record Found(Optional<Reference> reference, StoredTarget target, List<Image> images) {}

  /**
   * Finds by full id, then by name, then by the beginning of an id: Docker's order.
   *
   * @throws ImageException AMBIGUOUS
   */
  Optional<Found> find(String nameOrId) throws ImageException {
    Matcher id = ID.matcher(nameOrId);
    boolean isHex = id.matches();
    String hex = isHex ? id.group(2) : "";
    if (isHex && (id.group(1) != null || hex.length() == 64 || hex.length() == 128)) {
      return findId(hex, nameOrId);
    }
    Optional<Found> named = findName(nameOrId);
    return named.isEmpty() && isHex ? findId(hex, nameOrId) : named;
  }

  private Optional<Found> findName(String name) {
    Reference reference;
    try {
      reference = Reference.parse(name).orLatest();
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
    if (reference.digest().isEmpty()) {
      StoredTarget target = byReference.get(reference);
      return target == null
          ? Optional.empty()
          : Optional.of(new Found(Optional.of(reference), target, namedAll(target.images())));
    }
    Digest digest = reference.digest().get();
    for (Map.Entry<Reference, StoredTarget> entry : byReference.entrySet()) {
      StoredTarget target = entry.getValue();
      if (entry.getKey().name().equals(reference.name())) {
        if (target.target().digest().equals(digest)) {
          return Optional.of(
              new Found(Optional.of(entry.getKey()), target, namedAll(target.images())));
        }
        for (Image image : target.images()) {
          if (image.manifest().digest().equals(digest)) {
            return Optional.of(
                new Found(Optional.of(entry.getKey()), target, List.of(named(image))));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** What no image is in, by its first name. */
  List<StoredTarget> artifacts() {
    return targets.values().stream()
        .filter(target -> target.images().isEmpty())
        .sorted(Comparator.comparing(target -> namesOf(target).toString()))
        .toList();
  }

  /** The names of a target, sorted. */
  List<Reference> namesOf(StoredTarget target) {
    return records.stream()
        .filter(record -> record.pointsAt(target))
        .flatMap(record -> record.reference().stream())
        .sorted(Comparator.comparing(Reference::toString))
        .toList();
  }

  /** The artifact whose manifest has a digest that begins so, if it is the only one. */
  private Optional<Found> findArtifact(String prefix) {
    List<StoredTarget> matching =
        artifacts().stream()
            .filter(target -> target.target().digest().hex().startsWith(prefix))
            .toList();
    return matching.size() == 1
        ? Optional.of(
            new Found(
                namesOf(matching.getFirst()).stream().findFirst(), matching.getFirst(), List.of()))
        : Optional.empty();
  }

  private Optional<Found> findId(String prefix, String asked) throws ImageException {
    List<Image> matching =
        byIdHex.tailMap(prefix, true).entrySet().stream()
            .takeWhile(entry -> entry.getKey().startsWith(prefix))
            .flatMap(entry -> entry.getValue().stream())
            .toList();
    if (matching.size() > 1) {
      throw new ImageException(
          Kind.AMBIGUOUS,
          "image id \"%s\" is ambiguous: %s start so"
              .formatted(
                  asked,
                  matching.stream()
                      .map(image -> image.id().shortHex())
                      .collect(Collectors.joining(", "))));
    }
    return matching.isEmpty()
        ? findArtifact(prefix)
        : matching.stream()
            .findFirst()
            .map(
                image ->
                    new Found(Optional.empty(), targetOf(image).orElseThrow(), List.of(image)));
  }

  /** The target that an image was read from; empty when it is no longer in the store. */
  Optional<StoredTarget> targetOf(Image image) {
    return targets.values().stream()
        .filter(target -> target.manifests().containsKey(image.manifest().digest()))
        .findFirst();
  }

  private List<Image> namedAll(List<Image> of) {
    return of.stream().map(this::named).toList();
  }

  /** The best image for a platform; when none is asked for, for this host. */
  static Image choose(String name, List<Image> images, Optional<Platform> platform)
      throws ImageException {
    if (images.isEmpty()) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "\"%s\" holds no image that could be run: it is an artifact, or a list of manifests that are elsewhere"
              .formatted(name));
    }
    List<Platform> wanted = Platform.wanted(platform);
    Optional<Image> best = best(wanted, images);
    if (best.isPresent()) {
      return best.get();
    }
    if (platform.isEmpty() && images.size() == 1) {
      return images.getFirst();
    }
    throw new ImageException(
        Kind.NO_SUCH_PLATFORM,
        "image \"%s\" does not support platform %s: it has %s"
            .formatted(
                name,
                wanted.getFirst(),
                images.stream()
                    .map(image -> image.config().platform().toString())
                    .sorted()
                    .collect(Collectors.joining(", "))));
  }

  /** The image that is for one of these platforms, if one is. */
  static Optional<Image> best(List<Platform> wanted, List<Image> images) {
    return Platform.best(wanted, images, image -> Optional.of(image.config().platform()));
  }

  /** The names whose targets have a blob. */
  List<Reference> namesOf(Digest blob) {
    return byReference.entrySet().stream()
        .filter(entry -> entry.getValue().blobs().contains(blob))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The names of a repository, sorted. */
  List<Reference> namesIn(Reference repository) {
    return byReference.keySet().stream()
        .filter(reference -> reference.name().equals(repository.name()))
        .sorted(Comparator.comparing(Reference::toString))
        .toList();
  }

  /** All blobs that some record needs. */
  Set<Digest> blobs() {
    Set<Digest> blobs = new HashSet<>();
    targets.values().forEach(target -> blobs.addAll(target.blobs()));
    return blobs;
  }

  /** The chain ids of all layers that some image needs. */
  Set<Digest> chainIds() {
    Set<Digest> chainIds = new HashSet<>();
    images.forEach(image -> chainIds.addAll(image.chainIds()));
    return chainIds;
  }
}
