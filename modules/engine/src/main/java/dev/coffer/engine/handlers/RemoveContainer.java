package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Remove;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.lifecycle.Ending;
import dev.coffer.engine.lifecycle.Stopper;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.state.Status;

/** Removes a container; with force, whatever it does. */
public final class RemoveContainer {

  private final ContainerIndex containers;
  private final Stopper stopper;
  private final Ending ending;

  /** Removes with these. */
  public RemoveContainer(ContainerIndex containers, Stopper stopper, Ending ending) {
    this.containers = containers;
    this.stopper = stopper;
    this.ending = ending;
  }

  /** Carries the command out. */
  public void handle(Remove command) {
    Container container = containers.find(command.container());
    Verb verb = command.force() ? Verb.REMOVE_FORCED : Verb.REMOVE;
    if (command.force()) {
      stopper.kill(container);
    }
    container.lock().lock();
    try {
      if (!Verbs.goesOn(verb, container, "remove")
          || container.state().status() == Status.REMOVING) {
        return;
      }
      if (container.live().isPresent()) {
        throw new EngineException(
            Kind.CONFLICT,
            "cannot remove container \"" + container.name() + "\": it was started again meanwhile");
      }
      container.cleanup().join();
      ending.remove(container, command.volumes() || container.config().isEphemeral());
      if (container.state().status() == Status.DEAD) {
        throw new EngineException(
            Kind.FAILED,
            "cannot remove container \"%s\": its files cannot be moved away (see the engine's log)"
                .formatted(container.name()));
      }
    } finally {
      container.lock().unlock();
    }
  }
}
