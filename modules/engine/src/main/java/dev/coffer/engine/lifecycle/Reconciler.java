package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.network.Connections;
import dev.coffer.engine.oci.SpecBuilder;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.IndexSnapshot;
import dev.coffer.engine.state.StateStore;
import dev.coffer.engine.state.Status;
import dev.coffer.runtime.monitor.ExitRecord;
import dev.coffer.runtime.monitor.ExitStatus;
import dev.coffer.runtime.monitor.MonitorConnection;
import dev.coffer.runtime.monitor.MonitorGoneException;
import dev.coffer.runtime.monitor.Monitors;
import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Makes what the engine believes agree with what is, when it starts.
 *
 * <p>What proves that a container runs is its monitor's lock and answer, never a stored pid. A
 * container that was believed to run and has no monitor either left an exit record, or lost its
 * monitor (then it is killed through its control group), or the machine went down.
 */
public final class Reconciler {

  /** What Docker records of containers that a reboot ended. */
  private static final int UNKNOWN_END = 255;

  private static final int KILLED = 137;

  private static final int START_FAILED = 128;

  private final ContainerIndex containers;
  private final StateStore store;
  private final RootFilesystem roots;
  private final Monitors monitors;
  private final ContainerCgroups cgroups;
  private final LaunchSite site;
  private final Ending ending;
  private final Restarts restarts;
  private final Connections connections;
  private final IndexSnapshot snapshot;
  private final Queue<Unread> unread = new ConcurrentLinkedQueue<>();

  private record Unread(Container container, String name) {}

  /** Reconciles these. */
  public Reconciler(
      ContainerIndex containers,
      StateStore store,
      RootFilesystem roots,
      Monitors monitors,
      ContainerCgroups cgroups,
      LaunchSite site,
      Ending ending,
      Restarts restarts,
      Connections connections,
      IndexSnapshot snapshot) {
    this.containers = containers;
    this.store = store;
    this.roots = roots;
    this.monitors = monitors;
    this.cgroups = cgroups;
    this.site = site;
    this.ending = ending;
    this.restarts = restarts;
    this.connections = connections;
    this.snapshot = snapshot;
  }

  /**
   * Takes in all containers on disk and finds those that run.
   *
   * @param rebooted whether the run directory is of an earlier boot
   */
  public void load(boolean rebooted) throws IOException {
    Set<String> monitored = monitored();
    Map<String, String> atRest = new HashMap<>(snapshot.take());
    atRest.keySet().removeAll(monitored);
    StateStore.Contents contents = store.load(rebooted ? Map.of() : atRest);
    contents.unread().forEach(this::addUnread);
    contents
        .damaged()
        .forEach(line -> System.getLogger(Reconciler.class.getName()).log(Level.ERROR, line));
    List<Container> read = new ArrayList<>();
    for (StateStore.Found found : contents.containers()) {
      Container container = new Container(found.config(), found.state(), found.membership());
      if (add(container, container.name())) {
        read.add(container);
      }
    }
    for (Container container : read) {
      container.lock().lock();
      try {
        reconcile(container, monitored.contains(container.id()), rebooted);
      } catch (IOException e) {
        // One container that cannot be made sense of must not keep the engine from all others.
        System.getLogger(Reconciler.class.getName())
            .log(Level.ERROR, "cannot find out how container " + container.name() + " is", e);
      } finally {
        container.lock().unlock();
      }
    }
    sweep();
  }

  private boolean add(Container container, String name) {
    boolean taken = containers.take(name, container.id());
    if (taken) {
      containers.add(container);
    } else {
      System.getLogger(Reconciler.class.getName())
          .log(Level.ERROR, "two containers have the name " + name);
    }
    return taken;
  }

  private void addUnread(String id, String name) {
    Container container = new Container(id, () -> read(id, name));
    if (add(container, name)) {
      unread.add(new Unread(container, name));
    }
  }

  private StateStore.Found read(String id, String name) {
    try {
      return store.read(id);
    } catch (IOException | SpecException e) {
      throw new EngineException(
          Kind.FAILED, "cannot read container \"%s\": %s".formatted(name, e.getMessage()), e);
    }
  }

  /**
   * Reads what the snapshot of the last engine let pass unread, and sets right what it said
   * wrongly. Meant to run behind the first answer.
   *
   * @param enough whether to give up
   */
  public void verify(BooleanSupplier enough) {
    for (Unread each = unread.poll();
        each != null && !enough.getAsBoolean();
        each = unread.poll()) {
      Container container = each.container();
      container.lock().lock();
      try {
        if (containers.get(container.id()).equals(Optional.of(container))) {
          verify(container, each.name());
        }
      } catch (IOException | EngineException e) {
        containers.drop(container.id(), each.name());
        System.getLogger(Reconciler.class.getName()).log(Level.ERROR, e.getMessage(), e);
      } finally {
        container.lock().unlock();
      }
    }
  }

  private void verify(Container container, String name) throws IOException {
    // A renaming that the snapshot does not know.
    if (!container.name().equals(name) && containers.take(container.name(), container.id())) {
      containers.release(name, container.id());
      store.release(name);
    }
    boolean ignored = store.reserve(container.name(), container.id());
    if (!isAtRest(container)) {
      reconcile(container, false, false);
    }
  }

  /** Tells the next engine which containers nothing will happen to until it comes. */
  public void save() throws IOException {
    snapshot.write(containers.names(each -> each.isUnread() || isAtRest(each)));
  }

  private static boolean isAtRest(Container container) {
    return switch (container.state().status()) {
      case CREATED, EXITED ->
          container.live().isEmpty()
              && !container.config().isEphemeral()
              && !RestartPolicy.applies(container.config().request().lifecycle());
      case RUNNING, PAUSED, RESTARTING, REMOVING, DEAD -> false;
    };
  }

  private Set<String> monitored() throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path directory : RunDirectories.list(site.monitors())) {
      ids.add(directory.getFileName().toString());
    }
    return ids;
  }

  private void reconcile(Container container, boolean monitored, boolean rebooted)
      throws IOException {
    if (monitored && !rebooted && reconnect(container)) {
      return;
    }
    ContainerState state = container.state();
    boolean believedAlive = state.status().isAlive();
    if (monitored || believedAlive) {
      container.setState(ended(container, believedAlive, rebooted));
      RunDirectories.remove(site.monitorDirectory(container.id()));
    } else if (state.status() == Status.RESTARTING || state.status() == Status.REMOVING) {
      container.setState(state.with(Status.EXITED));
    }
    settle(container, state);
  }

  /** What becomes of a container that does not run. */
  private void settle(Container container, ContainerState before) throws IOException {
    container.setMembership(container.membership().atRest());
    if (container.config().isEphemeral() && hasRun(container)) {
      ending.remove(container);
      return;
    }
    if (!container.state().equals(before)) {
      store.saveState(container.id(), container.state());
    }
    if (RestartPolicy.atEngineStart(container.config().request().lifecycle(), container.state())) {
      container.setState(container.state().with(Status.RESTARTING));
      restarts.schedule(container);
    }
  }

  /** Of an ephemeral container nothing is written down but the traces of its root's mount. */
  private boolean hasRun(Container container) {
    return container.state().status() != Status.CREATED || roots.wasMounted(container.config());
  }

  private boolean reconnect(Container container) throws IOException {
    MonitorConnection connection;
    try {
      connection = monitors.reconnect(container.id(), site.monitorDirectory(container.id()));
    } catch (MonitorGoneException gone) {
      return false;
    } catch (IOException e) {
      // A monitor that does not answer is as good as lost; its container must not run on unseen.
      System.getLogger(Reconciler.class.getName())
          .log(Level.WARNING, "cannot talk to the monitor of " + container.name(), e);
      return false;
    }
    String cgroup = SpecBuilder.cgroupsPath(container.config(), site.cgroupParent());
    LiveContainer live = new LiveContainer(connection, cgroup);
    ContainerState running =
        container
            .state()
            .started(connection.pid(), connection.startedAt())
            .withStoppedByUser(container.state().stoppedByUser());
    boolean frozen = cgroups.isFrozen(cgroup) && !letGo(container, cgroup);
    container.setLive(live, frozen ? running.with(Status.PAUSED) : running);
    connections.restore(container);
    var ignored = connection.exited().thenAccept(status -> ending.ended(container, live, status));
    return true;
  }

  /** Whether the last engine had paused it for a moment that did not end; then it goes on. */
  private boolean letGo(Container container, String cgroup) throws IOException {
    boolean held = container.state().heldByEngine();
    if (held) {
      cgroups.thaw(cgroup);
      store.saveState(container.id(), container.state().with(Status.RUNNING));
    }
    return held;
  }

  private ContainerState ended(Container container, boolean believedAlive, boolean rebooted) {
    ContainerState state = container.state();
    Optional<ExitRecord> record = record(container);
    if (record.isPresent()) {
      ExitStatus.Exited exited = record.get().toStatus();
      return new ContainerState(
              Status.EXITED,
              0,
              Optional.of(record.get().startedAt()),
              Optional.empty(),
              0,
              false,
              "",
              state.restartCount(),
              state.stoppedByUser(),
              false)
          .ended(exited.code(), exited.oomKilled(), exited.finishedAt(), "");
    }
    if (rebooted) {
      return state.ended(UNKNOWN_END, false, Instant.now(), "the machine went down");
    }
    kill(container);
    return believedAlive
        ? state.ended(KILLED, false, Instant.now(), "monitor lost")
        : state.failed(START_FAILED, "the engine ended while it started the container");
  }

  private Optional<ExitRecord> record(Container container) {
    try {
      return ExitRecord.read(store.directory(container.id()).exit());
    } catch (IOException e) {
      System.getLogger(Reconciler.class.getName()).log(Level.WARNING, e.getMessage(), e);
      return Optional.empty();
    }
  }

  private void kill(Container container) {
    try {
      cgroups.kill(SpecBuilder.cgroupsPath(container.config(), site.cgroupParent()));
    } catch (IOException e) {
      System.getLogger(Reconciler.class.getName())
          .log(Level.ERROR, "cannot kill what is left of container " + container.name(), e);
    }
  }

  /**
   * Removes what belongs to nobody: half-started monitors' directories and orphaned groups. Nothing
   * may be started meanwhile.
   */
  private void sweep() throws IOException {
    Set<String> live = containers.live().stream().map(Container::id).collect(Collectors.toSet());
    for (Path directory : RunDirectories.list(site.monitors())) {
      String id = directory.getFileName().toString();
      if (containers.get(id).isEmpty() && Files.isDirectory(directory)) {
        RunDirectories.remove(directory);
      }
    }
    try {
      cgroups.sweep(site.cgroupParent(), live);
    } catch (IOException e) {
      System.getLogger(Reconciler.class.getName())
          .log(Level.ERROR, "cannot remove all orphaned control groups", e);
    }
  }
}
