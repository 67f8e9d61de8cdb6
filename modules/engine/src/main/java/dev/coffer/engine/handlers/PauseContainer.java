package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Pause;
import dev.coffer.engine.command.ContainerCommand.Unpause;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.ContainerCgroups;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.state.StateStore;
import dev.coffer.engine.state.Status;
import java.io.IOException;

/** Freezes and thaws containers. */
public final class PauseContainer {

  private final ContainerIndex containers;
  private final ContainerCgroups cgroups;
  private final StateStore store;

  /** Pauses with these. */
  public PauseContainer(ContainerIndex containers, ContainerCgroups cgroups, StateStore store) {
    this.containers = containers;
    this.cgroups = cgroups;
    this.store = store;
  }

  private interface Change {
    void apply(String cgroup) throws IOException;
  }

  /** Carries the command out. */
  public void handle(Pause command) {
    change(command.container(), Verb.PAUSE, "pause", Status.PAUSED, cgroups::freeze);
  }

  /** Carries the command out. */
  public void handle(Unpause command) {
    change(command.container(), Verb.UNPAUSE, "unpause", Status.RUNNING, cgroups::thaw);
  }

  private void change(String name, Verb verb, String word, Status status, Change change) {
    Container container = containers.find(name);
    container.lock().lock();
    try {
      if (Verbs.goesOn(verb, container, word)) {
        change.apply(container.live().orElseThrow().cgroup());
        container.setState(container.state().with(status));
        store.saveState(container.id(), container.state());
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot " + word + " container \"" + container.name() + "\": " + e.getMessage(),
          e);
    } finally {
      container.lock().unlock();
    }
  }
}
