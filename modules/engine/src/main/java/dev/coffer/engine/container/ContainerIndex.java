package dev.coffer.engine.container;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/** The containers of an engine by id, by prefix of an id, and by name. */
public final class ContainerIndex {

  /** How many removed containers can still be asked for their exit code. */
  private static final int REMEMBERED = 1000;

  private final ConcurrentSkipListMap<String, Container> byId = new ConcurrentSkipListMap<>();
  private final Map<String, String> idByName = new ConcurrentHashMap<>();
  private final Map<String, Integer> lastCodes = Collections.synchronizedMap(new LastCodes());

  /** The oldest is forgotten when there are too many. */
  private static final class LastCodes extends LinkedHashMap<String, Integer> {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
      return size() > REMEMBERED;
    }
  }

  /**
   * Finds a container by full id, name or unambiguous prefix of an id, in this order.
   *
   * @throws EngineException NOT_FOUND or AMBIGUOUS
   */
  public Container find(String given) {
    Container exact = byId.get(given);
    if (exact != null) {
      return exact;
    }
    String name = given.startsWith("/") ? given.substring(1) : given;
    Container named = byId.get(idByName.getOrDefault(name, ""));
    if (named != null) {
      return named;
    }
    Iterator<Container> matches =
        given.isEmpty()
            ? Map.<String, Container>of().values().iterator()
            : byId.subMap(given, given + Character.MAX_VALUE).values().iterator();
    if (!matches.hasNext()) {
      throw new EngineException(Kind.NOT_FOUND, "no such container: " + given);
    }
    Container first = matches.next();
    if (matches.hasNext()) {
      throw new EngineException(
          Kind.AMBIGUOUS,
          "container id \"%s\" is ambiguous: several start with it (give more digits)"
              .formatted(given));
    }
    return first;
  }

  /** The container of that full id. */
  public Optional<Container> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The id that has a name. */
  public Optional<String> holder(String name) {
    return Optional.ofNullable(idByName.get(name));
  }

  /** Takes a name for an id; false when another has it. */
  public boolean take(String name, String id) {
    return idByName.putIfAbsent(name, id) == null;
  }

  /** Gives a name back. */
  public void release(String name, String id) {
    idByName.remove(name, id);
  }

  /** Adds a container whose name was taken before. */
  public void add(Container container) {
    byId.put(container.id(), container);
  }

  /** The exit code of a container that was removed not long ago. */
  public Optional<Integer> lastCode(String id) {
    return Optional.ofNullable(lastCodes.get(id));
  }

  /** Forgets a container and its name, but for a while not its exit code. */
  public void remove(Container container) {
    lastCodes.put(container.id(), container.state().exitCode());
    byId.remove(container.id());
    release(container.name(), container.id());
  }

  /** Forgets a container that cannot be read, or was not made after all. */
  public void drop(String id, String name) {
    byId.remove(id);
    release(name, id);
  }

  /** Names by id of those that are to be told to the next engine. */
  public Map<String, String> names(Predicate<Container> told) {
    Map<String, String> names = new LinkedHashMap<>();
    idByName.forEach(
        (name, id) -> {
          Container container = byId.get(id);
          if (container != null && told.test(container)) {
            names.put(id, name);
          }
        });
    return names;
  }

  /** Those that run. Those that nobody has read are at rest, and stay unread. */
  public List<Container> live() {
    return byId.values().stream().filter(container -> container.live().isPresent()).toList();
  }

  /** All containers that can be read, by id. */
  public Collection<Container> all() {
    return byId.values().stream().filter(Container::isReadable).toList();
  }
}
