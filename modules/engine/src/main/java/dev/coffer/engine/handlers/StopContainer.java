package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ContainerCommand.Stop;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.Stopper;

/** Asks a container to end, and ends it when it does not. */
public final class StopContainer {

  private final ContainerIndex containers;
  private final Stopper stopper;

  /** Stops with these. */
  public StopContainer(ContainerIndex containers, Stopper stopper) {
    this.containers = containers;
    this.stopper = stopper;
  }

  /** Carries the command out. */
  public void handle(Stop command) {
    stopper.stop(containers.find(command.container()), command.signal(), command.timeout());
  }
}
