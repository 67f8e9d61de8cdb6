package dev.coffer.network.firewall;

import dev.coffer.kernel.KernelException;
import dev.coffer.network.firewall.Connections.Connection;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Has connections forgotten behind the callers' backs, many in one go: the kernel looks through a
 * table of a hundred thousand entries and more for it, which takes 20 ms even when it is empty.
 */
final class Sweeper implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  private final Connections connections;
  private final Predicate<PortForward> published;
  private final ReentrantLock changes;
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("coffer-connections").factory());

  private List<PortForward> ended = new ArrayList<>();
  private List<PortForward> begun = new ArrayList<>();
  private boolean planned;
  private long last = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);

  /**
   * One for a firewall.
   *
   * @param published whether a forward is in force
   * @param changes what to hold so that this stays as it is
   */
  Sweeper(Connections connections, Predicate<PortForward> published, ReentrantLock changes) {
    this.connections = connections;
    this.published = published;
    this.changes = changes;
  }

  /** Has connections forgotten that came by forwards which are no more. */
  void ended(Collection<PortForward> forwards) {
    plan(forwards, List.of());
  }

  /**
   * Has connections forgotten that the host has kept for itself: who sends datagrams to a port
   * before it is published makes such a one, and keeps it alive.
   */
  void begun(Collection<PortForward> forwards) {
    plan(
        List.of(),
        forwards.stream().filter(forward -> forward.protocol() == Protocol.UDP).toList());
  }

  private void plan(Collection<PortForward> moreEnded, Collection<PortForward> moreBegun) {
    if (moreEnded.isEmpty() && moreBegun.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      ended.addAll(moreEnded);
      begun.addAll(moreBegun);
      if (!planned) {
        planned = true;
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last);
        var _ = thread.schedule(this::sweep, PAUSE_MILLIS - since, TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void sweep() {
    List<PortForward> nowEnded;
    List<PortForward> nowBegun;
    lock.lock();
    try {
      nowEnded = ended;
      nowBegun = begun;
      ended = new ArrayList<>();
      begun = new ArrayList<>();
      planned = false;
    } finally {
      lock.unlock();
    }
    try {
      forget(nowEnded, nowBegun);
    } catch (KernelException e) {
      System.getLogger(Sweeper.class.getName())
          .log(Level.WARNING, "cannot forget connections to ports", e);
    }
    lock.lock();
    try {
      last = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private void forget(List<PortForward> nowEnded, List<PortForward> nowBegun)
      throws KernelException {
    if (!nowEnded.isEmpty()) {
      for (Connection each : connections.redirected()) {
        for (PortForward forward : nowEnded) {
          if (each.cameBy(forward)) {
            forgetUnlessPublished(each, forward);
          }
        }
      }
    }
    if (!nowBegun.isEmpty()) {
      for (Connection each : connections.unanswered()) {
        if (nowBegun.stream().anyMatch(each::wouldComeBy)) {
          connections.forget(each);
        }
      }
    }
  }

  /** One that is published again leads to the same place, and has new connections. */
  private void forgetUnlessPublished(Connection connection, PortForward forward)
      throws KernelException {
    changes.lock();
    try {
      if (!published.test(forward)) {
        connections.forget(connection);
      }
    } finally {
      changes.unlock();
    }
  }

  /** Does what is planned still, and ends. */
  @Override
  public void close() {
    thread.close();
  }
}
