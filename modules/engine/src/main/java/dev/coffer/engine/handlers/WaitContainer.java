package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.container.Closing;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.state.ContainerState;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for a container. One that has ended and removed itself is still known by its full id for a
 * while, so that nobody loses the exit code of a short run.
 */
public final class WaitContainer {

  private final ContainerIndex containers;
  private final Closing closing;

  /** Waits for these, until the engine closes. */
  public WaitContainer(ContainerIndex containers, Closing closing) {
    this.containers = containers;
    this.closing = closing;
  }

  /** Carries the command out. */
  public int handle(Wait command) {
    Container container;
    try {
      container = containers.find(command.container());
    } catch (EngineException unknown) {
      // Asked second: a removal notes the code before it forgets the container.
      return containers.lastCode(command.container()).orElseThrow(() -> unknown);
    }
    return closing
        .await(future(container, command.condition()), "container \"" + container.name() + "\"")
        .exitCode();
  }

  private static CompletableFuture<ContainerState> future(
      Container container, WaitCondition condition) {
    // Taken before the state is looked at: an end in between completes it.
    CompletableFuture<ContainerState> exit = container.nextExit();
    return switch (condition) {
      case NEXT_EXIT -> exit;
      case REMOVED -> container.removed();
      case NOT_RUNNING -> {
        boolean running = container.state().status().isUp();
        yield running ? exit : CompletableFuture.completedFuture(container.state());
      }
    };
  }
}
