package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Waits for a container. One that has ended and removed itself is still known by its full id for a
 * while, so that nobody loses the exit code of a short run.
 */
public final class WaitContainer {

  private final ContainerIndex containers;

  /** Waits for these. */
  public WaitContainer(ContainerIndex containers) {
    this.containers = containers;
  }

  /** Carries the command out. */
  public int handle(Wait command) {
    Optional<Integer> gone = containers.lastCode(command.container());
    if (gone.isPresent()) {
      return gone.get();
    }
    Container container = containers.find(command.container());
    try {
      return future(container, command.condition()).get().exitCode();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end is never exceptional", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          Kind.FAILED, "interrupted while waiting for container \"" + container.name() + "\"", e);
    }
  }

  private static CompletableFuture<ContainerState> future(
      Container container, WaitCondition condition) {
    // Taken before the state is looked at: an end in between completes it.
    CompletableFuture<ContainerState> exit = container.nextExit();
    return switch (condition) {
      case NEXT_EXIT -> exit;
      case REMOVED -> container.removed();
      case NOT_RUNNING -> {
        Status status = container.state().status();
        boolean running = status.isAlive() || status == Status.RESTARTING;
        yield running ? exit : CompletableFuture.completedFuture(container.state());
      }
    };
  }
}
