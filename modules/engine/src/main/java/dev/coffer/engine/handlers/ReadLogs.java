package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Logs;
import dev.coffer.engine.container.Closing;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.logs.LogFormat;
import dev.coffer.engine.logs.LogReader;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Reads a container's log back. An interrupt ends a reader that follows. */
public final class ReadLogs {

  private final ContainerIndex containers;
  private final StateStore store;
  private final Closing closing;

  /** Reads the logs of these; followers go when the engine closes. */
  public ReadLogs(ContainerIndex containers, StateStore store, Closing closing) {
    this.containers = containers;
    this.store = store;
    this.closing = closing;
  }

  /** Carries the command out. */
  public void handle(Logs command) {
    Container container = containers.find(command.container());
    String what = "cannot read the log of container \"" + container.name() + "\"";
    String driver = container.config().request().logging().driver();
    LogFormat format =
        LogFormat.ofDriver(driver)
            .orElseThrow(
                () ->
                    new EngineException(
                        Kind.NOT_SUPPORTED, what + ": its log driver \"none\" keeps nothing"));
    Path file = store.directory(container.id()).path().resolve(format.fileName(container.id()));
    CompletableFuture<ContainerState> exit = container.nextExit();
    boolean alive = container.state().status().isAlive();
    try {
      new LogReader(file, format)
          .read(command.query(), command.sink(), atMost -> !alive || closing.await(exit, atMost));
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
