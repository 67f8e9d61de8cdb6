package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.StateStore;
import dev.coffer.engine.state.Status;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.runtime.process.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends signals to containers and sees to it that they end. */
public final class Stopper {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** How long a killed container may take: the kernel may have much memory to give back. */
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(30);

  private final ContainerCgroups cgroups;
  private final StateStore store;
  private final Restarts restarts;

  /** Stops with these. */
  public Stopper(ContainerCgroups cgroups, StateStore store, Restarts restarts) {
    this.cgroups = cgroups;
    this.store = store;
    this.restarts = restarts;
  }

  /**
   * Stops a container and returns when it has ended.
   *
   * @param signal empty: the container's own
   * @param timeout empty: the container's own; below zero: for ever
   * @throws EngineException CONFLICT in a state that does not allow it
   */
  public void stop(Container container, Optional<String> signal, Optional<Duration> timeout) {
    String what = "cannot stop container \"" + container.name() + "\"";
    int number = number(what, signal.orElse(container.config().stopSignal()));
    CompletableFuture<ContainerState> exit;
    container.lock().lock();
    try {
      if (!Verbs.goesOn(Verb.STOP, container, "stop")) {
        return;
      }
      noteWanted(container);
      if (container.state().status() == Status.RESTARTING) {
        giveUpRestart(container);
        return;
      }
      exit = container.nextExit();
      send(what, container, number);
    } finally {
      container.lock().unlock();
    }
    if (!awaitExit(exit, timeout.orElseGet(() -> ownTimeout(container)))) {
      kill(container, exit);
    }
  }

  /**
   * Ends a container at once and returns when it has ended; one that does not run is left alone.
   */
  public void kill(Container container) {
    CompletableFuture<ContainerState> exit;
    container.lock().lock();
    try {
      noteWanted(container);
      if (container.state().status() == Status.RESTARTING) {
        giveUpRestart(container);
      }
      exit = container.nextExit();
      if (container.live().isEmpty()) {
        return;
      }
    } finally {
      container.lock().unlock();
    }
    kill(container, exit);
  }

  /**
   * Sends a signal; one that ends containers also tells the restart policy to stay out of it. After
   * SIGKILL this returns when the container has ended, after others at once.
   */
  public void signal(Container container, String signal) {
    String what = "cannot kill container \"" + container.name() + "\"";
    int number = number(what, signal);
    container.lock().lock();
    try {
      if (!Verbs.goesOn(Verb.KILL, container, "kill")) {
        return;
      }
      if (number != Signals.KILL) {
        deliver(what, container, number);
        return;
      }
    } finally {
      container.lock().unlock();
    }
    kill(container);
  }

  private void deliver(String what, Container container, int number) {
    if (number == Signals.parse(container.config().stopSignal()).orElse(Signals.TERM)) {
      noteWanted(container);
    }
    if (container.state().status() == Status.RESTARTING) {
      giveUpRestart(container);
      return;
    }
    send(what, container, number);
  }

  /** A frozen process takes a signal only when it is thawed. */
  private void send(String what, Container container, int number) {
    LiveContainer live = container.live().orElseThrow();
    try {
      live.connection().signal(number);
      if (container.state().status() == Status.PAUSED) {
        cgroups.thaw(live.cgroup());
        container.setState(container.state().with(Status.RUNNING));
      }
    } catch (IOException e) {
      if (!hasEnded(live, e)) {
        throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
      }
    }
  }

  /** With the signal to init, and through the cgroup to what shares no pid namespace with it. */
  private void kill(Container container, CompletableFuture<ContainerState> exit) {
    String what = "cannot kill container \"" + container.name() + "\"";
    Optional<LiveContainer> live = container.live();
    try {
      if (live.isPresent()) {
        if (container.state().status() == Status.PAUSED) {
          cgroups.thaw(live.get().cgroup());
        }
        live.get().connection().signal(Signals.KILL);
        if (container.config().request().namespaces().pid().equals("host")) {
          cgroups.kill(live.get().cgroup());
        }
      }
    } catch (IOException e) {
      if (!exit.isDone() && !hasEnded(live.orElseThrow(), e)) {
        throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
      }
    }
    if (!awaitExit(exit, KILL_TIMEOUT)) {
      throw new EngineException(
          Kind.FAILED,
          what + ": it has not ended " + KILL_TIMEOUT.toSeconds() + " s after SIGKILL");
    }
  }

  /** The process may have ended this moment, and its monitor is about to say so. */
  private static boolean hasEnded(LiveContainer live, IOException failure) {
    return live.connection().exited().isDone()
        || (failure instanceof KernelException call && call.is(Errno.ESRCH));
  }

  private void noteWanted(Container container) {
    container.setState(container.state().withStoppedByUser(true));
  }

  private void giveUpRestart(Container container) {
    restarts.forget(container);
    container.setState(container.state().with(Status.EXITED));
    try {
      store.saveState(container.id(), container.state());
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot save the state of container \"" + container.name() + "\": " + e.getMessage(),
          e);
    }
  }

  private static Duration ownTimeout(Container container) {
    return container
        .config()
        .request()
        .lifecycle()
        .stopTimeoutSeconds()
        .map(Duration::ofSeconds)
        .orElse(DEFAULT_TIMEOUT);
  }

  private static int number(String what, String signal) {
    return Signals.parse(signal)
        .orElseThrow(
            () ->
                new EngineException(
                    Kind.INVALID, what + ": invalid signal \"" + signal + "\" (as in TERM or 15)"));
  }

  /** Whether the end came in time; below zero waits for ever. */
  private static boolean awaitExit(CompletableFuture<ContainerState> exit, Duration timeout) {
    try {
      if (timeout.isNegative()) {
        exit.get();
      } else {
        exit.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end is never exceptional", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Kind.FAILED, "interrupted while waiting for a container's end", e);
    }
  }
}
