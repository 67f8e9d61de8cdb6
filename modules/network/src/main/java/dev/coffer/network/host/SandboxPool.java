package dev.coffer.network.host;

import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Namespaces of one network that are ready before somebody wants one: a few, and more while they
 * are wanted one after another. A thread makes them; it starts with the first wish.
 */
final class SandboxPool implements AutoCloseable {
  private static final int FEWEST = 2;
  private static final int MOST = 8;
  private static final long CALM_SECONDS = 10;

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Sandbox> ready = new ArrayDeque<>();
  private Optional<NetworkSpec> network = Optional.empty();
  private int wanted = FEWEST;

  /** How often one was wanted, and how often when an attempt began that made none. */
  private long wishes;

  private long unfulfilled;

  private boolean closed;
  private Optional<Thread> thread = Optional.empty();

  /** Makes sandboxes, and throws them away. */
  interface Source {
    /** A prepared one; empty when the network has no address left. */
    Optional<Sandbox> make(NetworkSpec network) throws IOException;

    /** Throws one away. */
    void discard(Sandbox unused);
  }

  SandboxPool(Source source) {
    this.source = source;
  }

  /** One that is ready in a network; those of another network are no longer kept. */
  Optional<Sandbox> take(NetworkSpec from) {
    List<Sandbox> others = List.of();
    lock.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      if (!network.equals(Optional.of(from))) {
        others = empty();
        network = Optional.of(from);
      }
      if (thread.isEmpty()) {
        thread =
            Optional.of(Thread.ofPlatform().daemon().name("coffer-sandboxes").start(this::run));
      }
      Optional<Sandbox> taken = Optional.ofNullable(ready.poll());
      if (taken.isEmpty()) {
        wanted = Math.min(MOST, wanted * 2);
      }
      wishes++;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
      others.forEach(source::discard);
    }
  }

  /** Whether it is a network's. */
  boolean isOf(NetworkSpec other) {
    lock.lock();
    try {
      return network.map(NetworkSpec::id).equals(Optional.of(other.id()));
    } finally {
      lock.unlock();
    }
  }

  /** Keeps none ready until one is wanted again. */
  void clear() {
    List<Sandbox> unused;
    lock.lock();
    try {
      network = Optional.empty();
      unused = empty();
    } finally {
      lock.unlock();
    }
    unused.forEach(source::discard);
  }

  private List<Sandbox> empty() {
    List<Sandbox> all = new ArrayList<>(ready);
    ready.clear();
    return all;
  }

  private void run() {
    while (true) {
      List<Sandbox> unused = new ArrayList<>();
      Optional<NetworkSpec> next;
      long wish;
      lock.lock();
      try {
        next = await(unused);
        wish = wishes;
        if (closed) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      unused.forEach(source::discard);
      next.ifPresent(in -> make(in, wish));
    }
  }

  /** Waits until one is to be made, or, in calmer times, some are to be thrown away. */
  private Optional<NetworkSpec> await(List<Sandbox> unused) throws InterruptedException {
    while (!closed) {
      if (network.isPresent() && wishes > unfulfilled && ready.size() < wanted) {
        return network;
      }
      boolean calm = !changed.await(CALM_SECONDS, TimeUnit.SECONDS);
      if (calm && wanted > FEWEST) {
        wanted = FEWEST;
        while (ready.size() > wanted) {
          unused.add(ready.poll());
        }
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private void make(NetworkSpec in, long wish) {
    Optional<Sandbox> made = Optional.empty();
    try {
      made = source.make(in);
    } catch (IOException e) {
      System.getLogger(SandboxPool.class.getName())
          .log(Level.WARNING, "cannot prepare a namespace of network \"" + in.name() + "\"", e);
    }
    boolean kept = false;
    lock.lock();
    try {
      unfulfilled = made.isEmpty() ? wish : unfulfilled;
      kept = !closed && network.equals(Optional.of(in)) && made.map(ready::add).orElse(false);
    } finally {
      lock.unlock();
    }
    if (!kept) {
      made.ifPresent(source::discard);
    }
  }

  /** Throws all away and waits for the thread's end. */
  @Override
  public void close() {
    Optional<Thread> running;
    lock.lock();
    try {
      closed = true;
      running = thread;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    running.ifPresent(SandboxPool::join);
    clear();
  }

  private static void join(Thread running) {
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
