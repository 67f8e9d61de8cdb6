package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Attach;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.Clients;
import dev.coffer.engine.lifecycle.Verbs;
import java.io.IOException;

/** Hands a client to the monitor of a running container. */
public final class AttachContainer {

  private final ContainerIndex containers;

  /** Attaches to these. */
  public AttachContainer(ContainerIndex containers) {
    this.containers = containers;
  }

  /** Carries the command out. */
  public void handle(Attach command) {
    try {
      attach(containers.find(command.container()), command);
    } finally {
      Clients.close(command.client());
    }
  }

  private static void attach(Container container, Attach command) {
    container.lock().lock();
    try {
      if (Verbs.goesOn(Verb.ATTACH, container, "attach to")) {
        container.live().orElseThrow().connection().addClient(Clients.of(command.client()));
      }
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot attach to container \"" + container.name() + "\": " + e.getMessage(),
          e);
    } finally {
      container.lock().unlock();
    }
  }
}
