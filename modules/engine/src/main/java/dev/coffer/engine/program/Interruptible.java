package dev.coffer.engine.program;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that blocks where an interrupt does not reach, such as reading a pipe: an interrupted caller
 * takes away what the work waits for, waits for its end, and leaves.
 *
 * @param work what to do, on a thread of its own
 * @param stop makes the work end soon
 */
public record Interruptible<T>(Work<T> work, Runnable stop) {

  /** Something that takes a while. */
  public interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does it.
   *
   * @throws InterruptedIOException when the caller was interrupted
   */
  public T call() throws IOException {
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread _ = Thread.ofPlatform().daemon().name("coffer-interruptible").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      stop.run();
      awaitEnd(task);
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static void awaitEnd(FutureTask<?> task) {
    while (!task.isDone()) {
      try {
        Object _ = task.get();
      } catch (InterruptedException | ExecutionException told) {
        // The caller leaves for the first interrupt, whatever else comes.
      }
    }
  }
}
