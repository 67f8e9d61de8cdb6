package dev.coffer.engine.lifecycle;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.ExecIndex;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.container.Volumes;
import dev.coffer.engine.network.Connections;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.StateStore;
import dev.coffer.engine.state.Status;
import dev.coffer.runtime.monitor.ExitRecord;
import dev.coffer.runtime.monitor.ExitStatus;
import dev.coffer.runtime.process.Signals;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What happens when a container's process has ended, and when a container goes away.
 *
 * <p>Who waits is told as soon as state, name and id are as they will stay; control groups and
 * files are cleaned up behind the answer.
 */
public final class Ending {

  private static final int KILLED = 137;

  private final ContainerIndex containers;
  private final ExecIndex execs;
  private final StateStore store;
  private final Volumes volumes;
  private final ContainerCgroups cgroups;
  private final Workers workers;
  private final Trash trash;
  private final LaunchSite site;
  private final Restarts restarts;
  private final Connections connections;

  /** Ends with these. */
  public Ending(
      ContainerIndex containers,
      ExecIndex execs,
      StateStore store,
      Volumes volumes,
      ContainerCgroups cgroups,
      Workers workers,
      Trash trash,
      LaunchSite site,
      Restarts restarts,
      Connections connections) {
    this.containers = containers;
    this.execs = execs;
    this.store = store;
    this.volumes = volumes;
    this.cgroups = cgroups;
    this.workers = workers;
    this.trash = trash;
    this.site = site;
    this.restarts = restarts;
    this.connections = connections;
  }

  /** Takes in the end of a run. */
  public void ended(Container container, LiveContainer live, ExitStatus status) {
    container.lock().lock();
    try {
      if (container.live().filter(live::equals).isEmpty()) {
        return;
      }
      ContainerState ended = endState(container, live, status);
      live.connection().close();
      boolean ephemeral = container.config().isEphemeral();
      if (!ephemeral) {
        // It says that the state is not the whole truth, so it goes before the state is saved.
        removeRunDirectory(container);
      }
      Connections.Rest rest = connections.end(container);
      CompletableFuture<Void> cleanup = new CompletableFuture<>();
      container.setCleanup(cleanup);
      // Before anybody is told: who is told may close the engine, which waits for this.
      workers.run(
          "clean up after container " + container.name(),
          () -> {
            try {
              rest.run();
              removeCgroup(container, live);
              if (ephemeral) {
                removeRunDirectory(container);
              }
            } finally {
              cleanup.complete(null);
            }
          });
      finish(container, ended);
    } finally {
      container.lock().unlock();
    }
  }

  private ContainerState endState(Container container, LiveContainer live, ExitStatus status) {
    ContainerState state = container.state();
    return switch (status) {
      case ExitStatus.Exited exited ->
          state.ended(exited.code(), exited.oomKilled(), exited.finishedAt(), "");
      case ExitStatus.MonitorLost lost -> {
        Optional<ExitRecord> record = record(container);
        if (record.isPresent()) {
          ExitStatus.Exited exited = record.get().toStatus();
          yield state.ended(exited.code(), exited.oomKilled(), exited.finishedAt(), "");
        }
        kill(live);
        yield state.ended(KILLED, false, lost.noticedAt(), "monitor lost");
      }
    };
  }

  private Optional<ExitRecord> record(Container container) {
    try {
      return ExitRecord.read(store.directory(container.id()).exit());
    } catch (IOException e) {
      System.getLogger(Ending.class.getName()).log(Level.WARNING, e.getMessage(), e);
      return Optional.empty();
    }
  }

  /** Where init was the first of its pid namespace, the kernel has killed all the others by now. */
  private void removeCgroup(Container container, LiveContainer live) throws IOException {
    if (!container.config().request().namespaces().pid().isEmpty()) {
      cgroups.kill(live.cgroup());
    }
    cgroups.remove(live.cgroup());
  }

  private void kill(LiveContainer live) {
    try {
      live.connection().signal(Signals.KILL);
    } catch (IOException e) {
      System.getLogger(Ending.class.getName())
          .log(Level.DEBUG, "cannot kill the first process of " + live.connection().id(), e);
    }
    try {
      cgroups.kill(live.cgroup());
    } catch (IOException e) {
      System.getLogger(Ending.class.getName())
          .log(Level.WARNING, "cannot kill what is left of " + live.connection().id(), e);
    }
  }

  private void removeRunDirectory(Container container) {
    try {
      RunDirectories.remove(site.monitorDirectory(container.id()));
    } catch (IOException e) {
      System.getLogger(Ending.class.getName())
          .log(Level.WARNING, "cannot remove the run directory of " + container.name(), e);
    }
  }

  /** Decides what follows an end: a restart, removal, or rest. The caller holds the lock. */
  void finish(Container container, ContainerState ended) {
    if (container.config().isEphemeral() && !container.isBeingRestarted()) {
      CompletableFuture<ContainerState> waiting = container.setEnded(ended);
      remove(container);
      waiting.complete(ended);
      return;
    }
    boolean again =
        !container.isBeingRestarted()
            && RestartPolicy.afterEnd(container.config().request().lifecycle(), ended);
    ContainerState next = again ? ended.with(Status.RESTARTING) : ended;
    CompletableFuture<ContainerState> waiting = container.setEnded(next);
    if (!container.config().isEphemeral()) {
      save(container);
    }
    waiting.complete(next);
    if (again) {
      restarts.schedule(container);
    } else {
      restarts.forget(container);
    }
  }

  /**
   * Removes a container that does not run, its anonymous volumes too when it is ephemeral. The
   * caller holds the lock.
   */
  public void remove(Container container) {
    remove(container, container.config().isEphemeral());
  }

  /** Removes a container that does not run; the caller holds the lock. */
  public void remove(Container container, boolean withVolumes) {
    ContainerState last = container.state();
    restarts.forget(container);
    try {
      store.discard(container.id());
      store.release(container.name());
      containers.remove(container);
      execs.forget(container);
      if (withVolumes) {
        discardVolumes(container);
      }
    } catch (IOException e) {
      container.setState(last.with(Status.DEAD));
      System.getLogger(Ending.class.getName())
          .log(Level.WARNING, "cannot remove container " + container.name(), e);
      return;
    }
    container.setState(last.with(Status.REMOVING));
    container.removed().complete(last);
    trash.emptySoon();
  }

  private void discardVolumes(Container container) throws IOException {
    for (MountPoint mount : container.config().mounts()) {
      if (mount.anonymous() && !isUsed(mount)) {
        volumes.discard(mount.name(), "volume-" + mount.name());
      }
    }
  }

  private boolean isUsed(MountPoint volume) {
    return containers.all().stream()
        .flatMap(other -> other.config().mounts().stream())
        .anyMatch(mount -> mount.name().equals(volume.name()));
  }

  private void save(Container container) {
    try {
      store.saveState(container.id(), container.state());
    } catch (IOException e) {
      System.getLogger(Ending.class.getName())
          .log(Level.WARNING, "cannot save the state of " + container.name(), e);
    }
  }
}
