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
import dev.coffer.engine.state.ContainerState;
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

  /**
   * Pauses a container that runs for a moment, which {@link #letGo} ends: if this engine does not
   * live to see it, the next one lets the container go.
   *
   * @return whether it is paused now; not when it did not run
   */
  public boolean hold(Container container) throws IOException {
    container.lock().lock();
    try {
      if (container.state().status() != Status.RUNNING || container.live().isEmpty()) {
        return false;
      }
      ContainerState held = container.state().held();
      store.saveState(container.id(), held);
      cgroups.freeze(container.live().get().cgroup());
      container.setState(held.with(Status.PAUSED));
      return true;
    } finally {
      container.lock().unlock();
    }
  }

  /** Lets a container go on that is held; it may have ended, or a user have let it go. */
  public void letGo(Container container) throws IOException {
    container.lock().lock();
    try {
      if (container.state().heldByEngine() && container.live().isPresent()) {
        cgroups.thaw(container.live().get().cgroup());
        container.setState(container.state().with(Status.RUNNING));
        store.saveState(container.id(), container.state());
      }
    } finally {
      container.lock().unlock();
    }
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
