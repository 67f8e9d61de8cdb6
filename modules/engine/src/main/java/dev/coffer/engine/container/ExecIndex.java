package dev.coffer.engine.container;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The execs of an engine. Ended ones are remembered for inspection, the last so many of them. */
public final class ExecIndex {

  private static final int REMEMBERED = 1000;

  private final Map<String, Exec> byId = new HashMap<>();
  private final Deque<String> ended = new ArrayDeque<>();

  /** Adds one. */
  public synchronized void add(Exec exec) {
    byId.put(exec.id(), exec);
  }

  /**
   * Finds one by its full id.
   *
   * @throws EngineException NOT_FOUND
   */
  public synchronized Exec find(String id) {
    Exec exec = byId.get(id);
    if (exec == null) {
      throw new EngineException(Kind.NOT_FOUND, "no such exec: " + id);
    }
    return exec;
  }

  /** Notes an exec's end, and forgets the oldest when there are too many. */
  public synchronized void noteEnd(Exec exec) {
    ended.addLast(exec.id());
    while (ended.size() > REMEMBERED) {
      byId.remove(ended.removeFirst());
    }
  }

  /** The ids of those running in a container. */
  public synchronized List<String> runningIn(Container container) {
    return byId.values().stream()
        .filter(exec -> exec.container() == container && exec.isRunning())
        .map(Exec::id)
        .sorted()
        .toList();
  }

  /** Forgets a container's execs. */
  public synchronized void forget(Container container) {
    byId.values().removeIf(exec -> exec.container() == container);
  }
}
