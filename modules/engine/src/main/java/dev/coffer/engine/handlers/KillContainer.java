package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ContainerCommand.Kill;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.Stopper;

/** Sends a signal to a container's first process. */
public final class KillContainer {

  private final ContainerIndex containers;
  private final Stopper stopper;

  /** Kills with these. */
  public KillContainer(ContainerIndex containers, Stopper stopper) {
    this.containers = containers;
    this.stopper = stopper;
  }

  /** Carries the command out. */
  public void handle(Kill command) {
    stopper.signal(containers.find(command.container()), command.signal());
  }
}
