package dev.coffer.engine.lifecycle;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.state.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** The restarts that are to come. */
public final class Restarts {

  private record Pending(Duration delay, Future<?> timer) {}

  private final Workers workers;
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicReference<Starter> starter = new AtomicReference<>();

  /** Restarts on these threads. */
  public Restarts(Workers workers) {
    this.workers = workers;
  }

  /** Says who starts; ends and starts need each other. */
  public void connect(Starter theStarter) {
    starter.set(theStarter);
  }

  /** Starts a container again after the delay that is due; the caller holds its lock. */
  public void schedule(Container container) {
    Duration before =
        Optional.ofNullable(pending.get(container.id())).map(Pending::delay).orElse(Duration.ZERO);
    Duration ran =
        container
            .state()
            .startedAt()
            .flatMap(
                started ->
                    container.state().finishedAt().map(end -> Duration.between(started, end)))
            .orElse(Duration.ZERO);
    Duration delay = RestartPolicy.delay(before, ran);
    Future<?> timer =
        workers.later(delay, "restart container " + container.name(), () -> restart(container));
    pending.put(container.id(), new Pending(delay, timer));
  }

  /** Gives up a restart that may be pending; the caller holds the container's lock. */
  public void forget(Container container) {
    Pending given = pending.remove(container.id());
    if (given != null) {
      given.timer().cancel(false);
    }
  }

  private void restart(Container container) {
    container.lock().lock();
    try {
      if (container.state().status() == Status.RESTARTING) {
        container.setState(container.state().with(Status.EXITED));
        starter.get().start(container, Optional.empty(), container.state().restartCount() + 1);
      }
    } finally {
      container.lock().unlock();
    }
  }
}
