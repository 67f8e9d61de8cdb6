package dev.coffer.engine.container;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.LabelFilter;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The filters of {@code ps --filter}: of several values of one filter any may match, but all labels
 * must; all filters must match.
 */
public final class ContainerFilters {

  private final Predicate<Container> predicate;
  private final boolean namesStatus;

  private ContainerFilters(Predicate<Container> predicate, boolean namesStatus) {
    this.predicate = predicate;
    this.namesStatus = namesStatus;
  }

  /**
   * Reads filters.
   *
   * @param find finds a container that a filter's value names
   * @param imageId the id of the image that a name means, if there is one
   * @throws EngineException INVALID for an unknown filter or value
   */
  public static ContainerFilters of(
      Map<String, List<String>> filters,
      Function<String, Container> find,
      Function<String, Optional<String>> imageId) {
    List<Predicate<Container>> all = new ArrayList<>();
    for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
      List<String> values = filter.getValue();
      switch (filter.getKey()) {
        case "id" -> all.add(any(values, v -> matching(v, Container::id)));
        case "name" -> all.add(any(values, v -> matching(v, c -> "/" + c.name())));
        case "label" ->
            values.forEach(v -> all.add(c -> LabelFilter.matches(c.config().labels(), v)));
        case "status" -> all.add(any(values, ContainerFilters::status));
        case "exited" -> all.add(any(values, ContainerFilters::exited));
        case "ancestor" -> all.add(any(values, v -> ancestor(v, imageId)));
        case "before" -> all.add(any(values, v -> created(find.apply(v), false)));
        case "since" -> all.add(any(values, v -> created(find.apply(v), true)));
        case "volume" -> all.add(any(values, ContainerFilters::volume));
        case "network" -> all.add(any(values, ContainerFilters::network));
        default ->
            throw new EngineException(
                Kind.INVALID,
                "invalid filter \"%s\" (id, name, label, status, exited, ancestor, before, since, volume, network)"
                    .formatted(filter.getKey()));
      }
    }
    return new ContainerFilters(
        all.stream().reduce(container -> true, Predicate::and), filters.containsKey("status"));
  }

  /** Whether a container passes. */
  public boolean matches(Container container) {
    return predicate.test(container);
  }

  /** Whether a state was asked for, so that not only running containers are meant. */
  public boolean namesStatus() {
    return namesStatus;
  }

  private static Predicate<Container> any(
      List<String> values, Function<String, Predicate<Container>> filter) {
    return values.stream().map(filter).reduce(container -> false, Predicate::or);
  }

  /** Docker takes the value as a regular expression that may match anywhere. */
  private static Predicate<Container> matching(String value, Function<Container, String> text) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new EngineException(
          Kind.INVALID, "invalid filter value \"" + value + "\": " + e.getDescription(), e);
    }
    return c -> {
      String whole = text.apply(c);
      boolean named = whole.startsWith("/") && pattern.matcher(whole.substring(1)).find();
      return named || pattern.matcher(whole).find();
    };
  }

  private static Predicate<Container> status(String value) {
    Status wanted =
        Status.ofWord(value)
            .orElseThrow(
                () ->
                    new EngineException(
                        Kind.INVALID,
                        "invalid filter \"status=%s\" (created, restarting, running, removing, paused, exited, dead)"
                            .formatted(value)));
    return container -> container.state().status() == wanted;
  }

  private static Predicate<Container> exited(String value) {
    int code;
    try {
      code = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new EngineException(Kind.INVALID, "invalid filter \"exited=" + value + "\"", e);
    }
    return container ->
        !container.state().status().isAlive()
            && container.state().startedAt().isPresent()
            && container.state().exitCode() == code;
  }

  private static Predicate<Container> ancestor(
      String value, Function<String, Optional<String>> imageId) {
    Optional<String> id = imageId.apply(value);
    return container -> {
      ContainerConfig config = container.config();
      return config.imageReference().equals(value)
          || id.filter(config.imageId()::equals).isPresent();
    };
  }

  private static Predicate<Container> created(Container other, boolean after) {
    Instant limit = other.config().created();
    return container -> {
      int order = container.config().created().compareTo(limit);
      return after ? order > 0 : order < 0;
    };
  }

  private static Predicate<Container> volume(String value) {
    return container ->
        container.config().mounts().stream().anyMatch(mount -> isVolume(mount, value));
  }

  private static boolean isVolume(MountPoint mount, String value) {
    return mount.name().equals(value)
        || mount.source().equals(value)
        || mount.target().equals(value);
  }

  private static Predicate<Container> network(String value) {
    return container -> {
      NetworkRequest request = container.config().request().network();
      return request.isConnected()
          ? container.membership().in(value, value).isPresent()
          : request.shownMode().equals(value);
    };
  }
}
