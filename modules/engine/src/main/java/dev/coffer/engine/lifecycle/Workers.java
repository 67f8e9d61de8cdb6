package dev.coffer.engine.lifecycle;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The engine's own threads: as many as there is work at a moment, none for a container that just
 * runs. They are platform threads, because a native call pins a virtual one to its carrier.
 */
public final class Workers implements AutoCloseable {

  private final ExecutorService pool = Executors.newCachedThreadPool(daemon("coffer-worker-"));
  private final ExecutorService background =
      Executors.newSingleThreadExecutor(daemon("coffer-background-"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(daemon("coffer-timer-"));

  /** Something that may fail. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run() throws Exception;
  }

  /** Runs a task soon; a failure is logged, since nobody waits for it. */
  public void run(String what, Task task) {
    pool.execute(() -> logged(what, task));
  }

  /** Runs tasks that nobody waits for one after another, such as deletions. */
  public void inBackground(String what, Task task) {
    background.execute(() -> logged(what, task));
  }

  /** Runs a task after a while. */
  public Future<?> later(Duration delay, String what, Task task) {
    return timer.schedule(() -> run(what, task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether it takes no more tasks: a long one had better come to an end. */
  public boolean isClosing() {
    return background.isShutdown();
  }

  /** Takes no more tasks; waits a little for those that run. */
  @Override
  public void close() {
    timer.shutdownNow();
    pool.shutdown();
    background.shutdown();
    try {
      boolean ignored =
          pool.awaitTermination(5, TimeUnit.SECONDS)
              && background.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logged(String what, Task task) {
    try {
      task.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      System.getLogger(Workers.class.getName())
          .log(Level.WARNING, "cannot " + what + ": " + e.getMessage(), e);
    }
  }

  /** Counts itself: a builder's counter has method handles made for it at an engine's start. */
  private static ThreadFactory daemon(String prefix) {
    AtomicInteger made = new AtomicInteger();
    return task ->
        Thread.ofPlatform().daemon().name(prefix + made.getAndIncrement()).unstarted(task);
  }
}
