package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.engine.command.ContainerCommand.Start;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.Clients;
import dev.coffer.engine.lifecycle.Starter;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.state.Status;
import java.io.IOException;
import java.util.Optional;

/** Starts a container; one that runs already only gets the client attached. */
public final class StartContainer {

  private final ContainerIndex containers;
  private final Starter starter;

  /** Starts with these. */
  public StartContainer(ContainerIndex containers, Starter starter) {
    this.containers = containers;
    this.starter = starter;
  }

  /** Carries the command out. */
  public void handle(Start command) {
    try {
      start(containers.find(command.container()), command.client());
    } finally {
      command.client().ifPresent(Clients::close);
    }
  }

  private void start(Container container, Optional<ClientStreams> client) {
    container.lock().lock();
    try {
      if (Verbs.goesOn(Verb.START, container, "start")) {
        starter.start(container, client, 0);
      } else if (client.isPresent() && container.state().status() == Status.RUNNING) {
        container.live().orElseThrow().connection().addClient(Clients.of(client.get()));
      }
    } catch (IOException e) {
      throw new EngineException(
          EngineException.Kind.FAILED,
          "cannot attach to container \"" + container.name() + "\": " + e.getMessage(),
          e);
    } finally {
      container.lock().unlock();
    }
  }
}
