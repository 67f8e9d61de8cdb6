package dev.coffer.network.input;

import dev.coffer.kernel.KernelException;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Does something soon after it was asked to, once for all who ask meanwhile: others change rules in
 * many small steps. The longer it takes, the longer it pauses after that.
 */
public final class Follower implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;
  private static final long AGAIN_MILLIS = 500;

  /** At most a fifth of the time is spent. */
  private static final int PAUSES = 4;

  private final Action action;
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("coffer-input").factory());

  private boolean planned;
  private long earliest = System.nanoTime();

  /** What is done. */
  @FunctionalInterface
  public interface Action {
    void run() throws KernelException;
  }

  /** One that does something, and tries again when that fails. */
  public Follower(Action action) {
    this.action = action;
  }

  /** Has it done. */
  public void plan() {
    long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    planAt(soon);
  }

  private void planAt(long soon) {
    lock.lock();
    try {
      if (!planned && !thread.isShutdown()) {
        planned = true;
        long delay = Math.max(soon, earliest) - System.nanoTime();
        var _ = thread.schedule(this::run, delay, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      planned = false;
    } finally {
      lock.unlock();
    }
    long began = System.nanoTime();
    try {
      action.run();
    } catch (KernelException e) {
      System.getLogger(Follower.class.getName())
          .log(Level.WARNING, "cannot follow the host's rules for what it receives", e);
      planAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS));
    }
    long ended = System.nanoTime();
    lock.lock();
    try {
      earliest = ended + PAUSES * (ended - began);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
  }
}
