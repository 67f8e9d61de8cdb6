package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.StateStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Starts containers and notes what became of it. */
public final class Starter {

  private static final int NOT_EXECUTABLE = 126;
  private static final int COMMAND_NOT_FOUND = 127;
  private static final int FAILED = 128;

  private final ContainerLauncher launcher;
  private final StateStore store;
  private final Ending ending;

  /** Starts with these. */
  public Starter(ContainerLauncher launcher, StateStore store, Ending ending) {
    this.launcher = launcher;
    this.store = store;
    this.ending = ending;
  }

  /**
   * Starts a container that does not run; the caller holds its lock.
   *
   * @param restarts how often the restart policy has started it by now
   * @throws EngineException when it cannot be started; an ephemeral container is then gone
   */
  public void start(Container container, Optional<ClientStreams> client, int restarts) {
    container.cleanup().join();
    LiveContainer live;
    try {
      saveConfig(container);
      live = launcher.launch(container, client);
    } catch (EngineException e) {
      noteFailure(container, e);
      throw e;
    }
    ContainerState state =
        container
            .state()
            .started(live.connection().pid(), live.connection().startedAt())
            .withRestartCount(restarts);
    container.setLive(live, state);
    save(container);
    var ignored =
        live.connection().exited().thenAccept(status -> ending.ended(container, live, status));
    writePidFile(container, live);
  }

  private void saveConfig(Container container) {
    if (!container.isUnsaved()) {
      return;
    }
    try {
      store.saveConfig(container.config());
      container.setUnsaved(false);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot start container \"%s\": %s".formatted(container.name(), e.getMessage()),
          e);
    }
  }

  private void noteFailure(Container container, EngineException failure) {
    int code =
        switch (failure.kind()) {
          case NOT_EXECUTABLE -> NOT_EXECUTABLE;
          case COMMAND_NOT_FOUND -> COMMAND_NOT_FOUND;
          case INVALID, NOT_FOUND, AMBIGUOUS, CONFLICT, NOT_SUPPORTED, FAILED -> FAILED;
        };
    container.setState(container.state().failed(code, String.valueOf(failure.getMessage())));
    save(container);
    if (container.config().isEphemeral()) {
      ending.remove(container);
    }
  }

  private void save(Container container) {
    if (container.config().isEphemeral()) {
      return;
    }
    try {
      store.saveState(container.id(), container.state());
    } catch (IOException e) {
      // What is in memory is right; the next change is saved again.
      System.getLogger(Starter.class.getName())
          .log(System.Logger.Level.WARNING, "cannot save the state of " + container.name(), e);
    }
  }

  private static void writePidFile(Container container, LiveContainer live) {
    Optional<String> file = container.config().request().lifecycle().pidFile();
    if (file.isPresent()) {
      try {
        Files.writeString(
            Path.of(file.get()),
            Integer.toString(live.connection().pid()),
            StandardCharsets.US_ASCII);
      } catch (IOException e) {
        throw new EngineException(
            Kind.FAILED,
            "container \"%s\" runs, but its pid file \"%s\" cannot be written: %s"
                .formatted(container.name(), file.get(), e.getMessage()),
            e);
      }
    }
  }
}
