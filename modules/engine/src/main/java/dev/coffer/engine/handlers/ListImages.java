package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.inspect.ImageJson;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.LabelFilter;
import dev.coffer.engine.model.NamePattern;
import dev.coffer.image.Artifact;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists images; the filters are Docker's. */
public final class ListImages {

  private final ImageStore images;
  private final ImageLookup lookup;
  private final ContainerIndex containers;

  /** Lists these. */
  public ListImages(ImageStore images, ImageLookup lookup, ContainerIndex containers) {
    this.images = images;
    this.lookup = lookup;
    this.containers = containers;
  }

  /** Carries the command out. */
  public List<ImageSummary> handle(ImageCommand.ListImages command) {
    return Attempt.at("cannot list images", () -> list(command.filters()));
  }

  private List<ImageSummary> list(Map<String, List<String>> filters) throws IOException {
    List<ImageSummary> all = new ArrayList<>();
    images.list().forEach(image -> all.add(summary(image)));
    images.artifacts().forEach(artifact -> all.add(summary(artifact)));
    all.sort(Comparator.comparing(ImageSummary::created).reversed());
    Predicate<ImageSummary> wanted = filters(filters);
    List<NamePattern> names =
        filters.getOrDefault("reference", List.of()).stream().map(NamePattern::parse).toList();
    return all.stream()
        .filter(wanted)
        .flatMap(image -> names.isEmpty() ? Stream.of(image) : named(image, names).stream())
        .toList();
  }

  /** An image as it is listed. */
  ImageSummary summary(Image image) {
    String id = image.id().toString();
    long users = containers.all().stream().filter(c -> c.config().imageId().equals(id)).count();
    return new ImageSummary(
        id,
        ImageJson.repoTags(image.references()),
        ImageJson.repoDigests(image.references(), image.manifest().digest()),
        image.config().created().orElse(Instant.EPOCH),
        image.sizeBytes(),
        image.config().defaults().labels(),
        Math.toIntExact(users));
  }

  private static ImageSummary summary(Artifact artifact) {
    Digest id = artifact.target().digest();
    return new ImageSummary(
        id.toString(),
        ImageJson.repoTags(artifact.references()),
        ImageJson.repoDigests(artifact.references(), id),
        artifact.created().orElse(Instant.EPOCH),
        artifact.sizeBytes(),
        Map.of(),
        0);
  }

  /** An image under those of its names that are wanted; empty when none is. */
  private static Optional<ImageSummary> named(ImageSummary image, List<NamePattern> wanted) {
    List<String> references = matching(image.references(), wanted);
    List<String> digests = matching(image.digests(), wanted);
    return references.isEmpty() && digests.isEmpty()
        ? Optional.empty()
        : Optional.of(image.withNames(references, digests));
  }

  /** A pattern is for a name with its tag or digest, or without. */
  private static List<String> matching(List<String> names, List<NamePattern> wanted) {
    return names.stream()
        .filter(
            name ->
                wanted.stream()
                    .anyMatch(
                        pattern ->
                            pattern.matches(name)
                                || pattern.matches(Reference.parse(name).familiarName())))
        .toList();
  }

  private Predicate<ImageSummary> filters(Map<String, List<String>> filters) {
    List<Predicate<ImageSummary>> all = new ArrayList<>();
    for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
      List<String> values = filter.getValue();
      switch (filter.getKey()) {
        case "dangling" -> all.add(any(values, ListImages::dangling));
        case "label" ->
            values.forEach(value -> all.add(image -> LabelFilter.matches(image.labels(), value)));
        case "reference" -> {
          // What is left of the names of an image that stays is decided for each name.
        }
        case "before" -> values.forEach(value -> all.add(before(age(value))));
        case "since" -> values.forEach(value -> all.add(since(age(value))));
        case "until" -> values.forEach(value -> all.add(before(Instant.parse(value))));
        default ->
            throw new EngineException(
                Kind.INVALID,
                "invalid filter \"%s\" (dangling, label, reference, before, since, until)"
                    .formatted(filter.getKey()));
      }
    }
    return all.stream().reduce(image -> true, Predicate::and);
  }

  private static Predicate<ImageSummary> any(
      List<String> values, Function<String, Predicate<ImageSummary>> filter) {
    return values.stream().map(filter).reduce(image -> false, Predicate::or);
  }

  private static Predicate<ImageSummary> dangling(String value) {
    boolean wanted =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "true", "t", "1" -> true;
          case "false", "f", "0" -> false;
          default ->
              throw new EngineException(
                  Kind.INVALID, "invalid filter \"dangling=" + value + "\" (true or false)");
        };
    return image -> (image.references().isEmpty() && image.digests().isEmpty()) == wanted;
  }

  private static Predicate<ImageSummary> before(Instant limit) {
    return image -> image.created().isBefore(limit);
  }

  private static Predicate<ImageSummary> since(Instant limit) {
    return image -> image.created().isAfter(limit);
  }

  /** When the image was made that others are compared with. */
  private Instant age(String nameOrId) {
    return lookup
        .find(nameOrId)
        .orElseThrow(() -> new EngineException(Kind.NOT_FOUND, "no such image: " + nameOrId))
        .config()
        .created()
        .orElse(Instant.EPOCH);
  }
}
