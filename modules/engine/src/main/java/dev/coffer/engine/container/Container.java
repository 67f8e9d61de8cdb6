package dev.coffer.engine.container;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.StateStore;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A container in memory. Config and state are immutable values that readers take without a lock;
 * whoever changes them holds {@link #lock}, so that verbs on one container follow one another while
 * those on others go on.
 */
public final class Container {

  private final String id;
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<ContainerState> removed = new CompletableFuture<>();

  /** Where config and state are until somebody asks for them. */
  private volatile Optional<Supplier<StateStore.Found>> unread;

  private volatile boolean beingRestarted;
  private volatile boolean unsaved;
  private volatile ContainerConfig config;
  private volatile ContainerState state;
  private volatile Membership membership;
  private volatile Optional<LiveContainer> live = Optional.empty();
  private volatile CompletableFuture<ContainerState> nextExit = new CompletableFuture<>();
  private volatile CompletableFuture<Void> cleanup = CompletableFuture.completedFuture(null);

  /** A container that does not run. */
  public Container(ContainerConfig config, ContainerState state, Membership membership) {
    this.id = config.id();
    this.unread = Optional.empty();
    this.config = config;
    this.state = state;
    this.membership = membership;
  }

  /**
   * A container that does not run, read when somebody looks at it.
   *
   * @param source throws an {@link EngineException} where it cannot be read
   */
  public Container(String id, Supplier<StateStore.Found> source) {
    this.id = id;
    this.unread = Optional.of(source);
  }

  /** Whether nobody has looked at it yet. */
  public boolean isUnread() {
    return unread.isPresent();
  }

  /** Whether it can be looked at; reads it when nobody has. */
  public boolean isReadable() {
    try {
      read();
      return true;
    } catch (EngineException damaged) {
      return false;
    }
  }

  private void read() {
    if (unread.isPresent()) {
      readOnce();
    }
  }

  private synchronized void readOnce() {
    if (unread.isPresent()) {
      StateStore.Found found = unread.get().get();
      config = found.config();
      state = found.state();
      membership = found.membership();
      unread = Optional.empty();
    }
  }

  /** The full id. */
  public String id() {
    return id;
  }

  /** Held by who changes the container. */
  public ReentrantLock lock() {
    return lock;
  }

  /** What it is. */
  public ContainerConfig config() {
    read();
    return config;
  }

  /** How it is. */
  public ContainerState state() {
    read();
    return state;
  }

  /** The networks that it is in. */
  public Membership membership() {
    read();
    return membership;
  }

  /** Changes the networks that it is in; the caller holds the lock. */
  public void setMembership(Membership newMembership) {
    read();
    membership = newMembership;
  }

  /** Its name. */
  public String name() {
    return config().name();
  }

  /** Whether it is not on disk as a container yet. */
  public boolean isUnsaved() {
    return unsaved;
  }

  /** Says whether it is on disk as a container. */
  public void setUnsaved(boolean only) {
    unsaved = only;
  }

  /** What there is of it besides files, while it runs. */
  public Optional<LiveContainer> live() {
    return live;
  }

  /** Completes with the state after the present or the next run has ended. */
  public CompletableFuture<ContainerState> nextExit() {
    return nextExit;
  }

  /** Completes with the last state when the container has been removed. */
  public CompletableFuture<ContainerState> removed() {
    return removed;
  }

  /** Completes when nothing of the last run is left; a new one waits for it. */
  public CompletableFuture<Void> cleanup() {
    return cleanup;
  }

  /** Notes what cleans up after a run; the caller holds the lock. */
  public void setCleanup(CompletableFuture<Void> newCleanup) {
    cleanup = newCleanup;
  }

  /** Changes the config; the caller holds the lock. */
  public void setConfig(ContainerConfig newConfig) {
    read();
    config = newConfig;
  }

  /** Changes the state; the caller holds the lock. */
  public void setState(ContainerState newState) {
    read();
    state = newState;
  }

  /** Whether a user restarts it: its next end is not the end of an ephemeral container. */
  public boolean isBeingRestarted() {
    return beingRestarted;
  }

  /** Says whether a user restarts it. */
  public void setBeingRestarted(boolean restarted) {
    beingRestarted = restarted;
  }

  /** Notes that it runs; the caller holds the lock. */
  public void setLive(LiveContainer newLive, ContainerState newState) {
    live = Optional.of(newLive);
    state = newState;
  }

  /**
   * Notes that it ended; the caller holds the lock and completes what {@link #nextExit} was before
   * when all that belongs to the end is done.
   */
  public CompletableFuture<ContainerState> setEnded(ContainerState newState) {
    CompletableFuture<ContainerState> waiting = nextExit;
    nextExit = new CompletableFuture<>();
    live = Optional.empty();
    state = newState;
    return waiting;
  }
}
