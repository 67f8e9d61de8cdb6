package dev.coffer.kernel;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Work that another thread does while the caller waits: what the kernel keeps for each thread, such
 * as its namespaces, is changed there. It is waited for to its end whatever interrupts the caller,
 * who stays interrupted: what was begun in there may have a result that somebody has to close.
 */
public final class OtherThread {
  private OtherThread() {}

  /** What is done there. */
  @FunctionalInterface
  public interface Task<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Does it in a platform thread of its own, which ends with it. */
  public static <T> T call(String name, Task<T> task) throws IOException {
    FutureTask<T> future = new FutureTask<>(task::run);
    Thread.ofPlatform().daemon().name(name).start(future);
    return await(future);
  }

  /** The result of what a thread does, or what it has failed with. */
  public static <T> T await(Future<T> future) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
