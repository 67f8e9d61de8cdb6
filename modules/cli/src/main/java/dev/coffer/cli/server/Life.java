package dev.coffer.cli.server;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Counts commands and decides when the engine ends: when it is told to, or when it has been idle.
 * An ending engine takes no new command, has those that wait for something broken off, and lets the
 * others finish.
 */
final class Life {

  /** How the engine goes on. */
  enum Phase {
    SERVING,
    /** It ends; nobody is to start another one for the commands that it breaks off. */
    ENDING,
    /** It ends for a successor, which the broken off commands can ask again. */
    HANDING_OVER
  }

  /** A command that runs. */
  interface Running {
    /** Breaks it off if it only waits. */
    void breakOff();
  }

  private final Set<Running> running = new HashSet<>();

  /** Those of the running that asked for the end, and so wait for all others. */
  private final Set<Running> askers = new HashSet<>();

  private final CountDownLatch ending = new CountDownLatch(1);
  private Phase phase = Phase.SERVING;
  private long lastActive = System.nanoTime();

  /** Whether a command has begun or ended of which {@link #awaitWork} has not told. */
  private boolean worked;

  /** Notes a command; false when the engine ends, so that it must not run. */
  synchronized boolean begin(Running command) {
    if (phase != Phase.SERVING) {
      return false;
    }
    running.add(command);
    if (!worked) {
      // Seldom: not one wake-up for each command.
      worked = true;
      notifyAll();
    }
    return true;
  }

  /** A command has ended. */
  synchronized void end(Running command) {
    running.remove(command);
    askers.remove(command);
    worked = true;
    lastActive = System.nanoTime();
    notifyAll();
  }

  synchronized Phase phase() {
    return phase;
  }

  /** Starts the end on behalf of a command, which then counts no more as running. */
  void finishFor(Running asker, Phase how) {
    synchronized (this) {
      askers.add(asker);
      notifyAll();
    }
    finish(how);
  }

  /** Starts the end, and breaks off what waits; only the first call counts. */
  void finish(Phase how) {
    Set<Running> waiting;
    synchronized (this) {
      if (phase != Phase.SERVING) {
        return;
      }
      phase = how;
      ending.countDown();
      waiting = new HashSet<>(running);
      waiting.removeAll(askers);
      notifyAll();
    }
    waiting.forEach(Running::breakOff);
  }

  /**
   * Waits until no commands run but those that asked for the end.
   *
   * @return whether that came about in time
   */
  synchronized boolean awaitQuiet(Duration limit) throws InterruptedException {
    return await(() -> running.size() == askers.size(), limit);
  }

  /** Waits until no commands run at all; answers whether that came about in time. */
  synchronized boolean awaitNone(Duration limit) throws InterruptedException {
    return await(running::isEmpty, limit);
  }

  private synchronized boolean await(BooleanSupplier done, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(left / 1_000_000 + 1);
    }
    return true;
  }

  /**
   * Waits until the engine ends, or until no command has run for so long.
   *
   * @param idle zero: for ever
   * @return whether it is idle rather than ending
   */
  synchronized boolean awaitEndOrIdle(Duration idle) throws InterruptedException {
    while (phase == Phase.SERVING) {
      if (idle.isZero()) {
        wait();
        continue;
      }
      long left = idle.toNanos() - (System.nanoTime() - lastActive);
      if (!running.isEmpty()) {
        wait();
      } else if (left > 0) {
        wait(left / 1_000_000 + 1);
      } else {
        return true;
      }
    }
    return false;
  }

  /**
   * Waits until a command runs, or one has run since this was asked last.
   *
   * @return false when the engine ends
   */
  synchronized boolean awaitWork() throws InterruptedException {
    while (phase == Phase.SERVING && running.isEmpty() && !worked) {
      wait();
    }
    worked = false;
    return phase == Phase.SERVING;
  }

  /** Waits until the engine ends; answers whether it does before the limit. */
  boolean awaitEnd(Duration limit) throws InterruptedException {
    return ending.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What kept the engine busy is found to be something else than commands. */
  synchronized void touch() {
    lastActive = System.nanoTime();
  }
}
