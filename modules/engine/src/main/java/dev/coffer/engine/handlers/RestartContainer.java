package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ContainerCommand.Restart;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.Starter;
import dev.coffer.engine.lifecycle.Stopper;
import dev.coffer.engine.lifecycle.Verbs;
import java.util.Optional;

/** Stops a container if it runs, and starts it. */
public final class RestartContainer {

  private final ContainerIndex containers;
  private final Stopper stopper;
  private final Starter starter;

  /** Restarts with these. */
  public RestartContainer(ContainerIndex containers, Stopper stopper, Starter starter) {
    this.containers = containers;
    this.stopper = stopper;
    this.starter = starter;
  }

  /** Carries the command out. */
  public void handle(Restart command) {
    Container container = containers.find(command.container());
    if (!Verbs.goesOn(Verb.RESTART, container, "restart")) {
      return;
    }
    container.setBeingRestarted(true);
    try {
      stopper.stop(container, command.signal(), command.timeout());
      container.lock().lock();
      try {
        // Somebody else may have started it in between; then it has been restarted all the same.
        if (Verbs.goesOn(Verb.START, container, "restart")) {
          starter.start(container, Optional.empty(), 0);
        }
      } finally {
        container.lock().unlock();
      }
    } finally {
      container.setBeingRestarted(false);
    }
  }
}
