package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Rename;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.create.RequestCheck;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.network.Connections;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import java.io.IOException;

/**
 * Gives a container another name: the new one is reserved, then {@code container.json} says it,
 * then the old one is given back. A crash in between leaves a reservation that the next start
 * removes.
 */
public final class RenameContainer {

  private final ContainerIndex containers;
  private final StateStore store;
  private final Connections connections;

  /** Renames these. */
  public RenameContainer(ContainerIndex containers, StateStore store, Connections connections) {
    this.containers = containers;
    this.store = store;
    this.connections = connections;
  }

  /** Carries the command out. */
  public void handle(Rename command) {
    Container container = containers.find(command.container());
    String given = command.newName();
    String name = given.startsWith("/") ? given.substring(1) : given;
    RequestCheck.name("cannot rename container \"" + container.name() + "\"", name);
    container.lock().lock();
    try {
      if (Verbs.goesOn(Verb.RENAME, container, "rename")) {
        rename(container, name);
      }
    } finally {
      container.lock().unlock();
    }
  }

  private void rename(Container container, String name) {
    String old = container.name();
    String what = "cannot rename container \"" + old + "\" to \"" + name + "\"";
    if (name.equals(old)) {
      throw new EngineException(Kind.INVALID, what + ": that is its name");
    }
    if (!containers.take(name, container.id())) {
      throw new EngineException(
          Kind.CONFLICT, what + ": the name is in use (remove or rename that container)");
    }
    try {
      if (!store.reserve(name, container.id())) {
        throw new IOException("the name is reserved by a container that cannot be read");
      }
      ContainerConfig renamed = container.config().renamed(name);
      store.saveConfig(renamed);
      container.setConfig(renamed);
      containers.release(old, container.id());
      store.release(old);
      connections.renamed(container);
    } catch (IOException e) {
      if (container.name().equals(old)) {
        containers.release(name, container.id());
      }
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    }
  }
}
