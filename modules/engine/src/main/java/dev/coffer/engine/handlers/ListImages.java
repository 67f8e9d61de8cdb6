package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.inspect.ImageJson;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.LabelFilter;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.spec.image.Reference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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
    Predicate<Image> wanted = filters(command.filters());
    return images.list().stream().filter(wanted).map(this::summary).toList();
  }

  /** An image as it is listed. */
  ImageSummary summary(Image image) {
    String id = image.id().toString();
    long users = containers.all().stream().filter(c -> c.config().imageId().equals(id)).count();
    return new ImageSummary(
        id,
        image.references().stream()
            .filter(reference -> reference.tag().isPresent())
            .map(Reference::familiar)
            .toList(),
        ImageJson.repoDigests(image),
        image.config().created().orElse(Instant.EPOCH),
        image.sizeBytes(),
        labels(image),
        Math.toIntExact(users));
  }

  private Predicate<Image> filters(Map<String, List<String>> filters) {
    List<Predicate<Image>> all = new ArrayList<>();
    for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
      List<String> values = filter.getValue();
      switch (filter.getKey()) {
        case "dangling" -> all.add(any(values, ListImages::dangling));
        case "label" ->
            values.forEach(value -> all.add(image -> LabelFilter.matches(labels(image), value)));
        case "reference" -> all.add(any(values, ListImages::reference));
        case "before" -> all.add(any(values, value -> created(value, false)));
        case "since" -> all.add(any(values, value -> created(value, true)));
        default ->
            throw new EngineException(
                Kind.INVALID,
                "invalid filter \"%s\" (dangling, label, reference, before, since)"
                    .formatted(filter.getKey()));
      }
    }
    return all.stream().reduce(image -> true, Predicate::and);
  }

  private static Predicate<Image> any(
      List<String> values, Function<String, Predicate<Image>> filter) {
    return values.stream().map(filter).reduce(image -> false, Predicate::or);
  }

  private static Predicate<Image> dangling(String value) {
    boolean wanted = value.equals("true") || value.equals("1");
    return image -> image.references().isEmpty() == wanted;
  }

  private static Map<String, String> labels(Image image) {
    return image.config().defaults().labels();
  }

  /** A pattern with {@code *} within a path component, for the name with or without the tag. */
  private static Predicate<Image> reference(String value) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + value);
    return image ->
        image.references().stream()
            .anyMatch(
                each ->
                    matcher.matches(Path.of(each.familiar()))
                        || matcher.matches(Path.of(each.familiarName())));
  }

  private Predicate<Image> created(String value, boolean after) {
    Optional<Image> other = lookup.find(value);
    if (other.isEmpty()) {
      throw new EngineException(Kind.NOT_FOUND, "no such image: " + value);
    }
    Instant limit = other.get().config().created().orElse(Instant.EPOCH);
    return image -> {
      int order = image.config().created().orElse(Instant.EPOCH).compareTo(limit);
      return after ? order > 0 : order < 0;
    };
  }
}
