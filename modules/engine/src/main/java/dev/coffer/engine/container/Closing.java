package dev.coffer.engine.container;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets those who wait for a container go when the engine closes: the container runs on, and whoever
 * asked can ask the next engine.
 */
public final class Closing {

  private final CompletableFuture<Void> begun = new CompletableFuture<>();

  /** Lets everybody go. */
  public void begin() {
    begun.complete(null);
  }

  /**
   * Waits for something that is never cancelled.
   *
   * @param what for the messages, such as {@code container "web"}
   * @throws EngineException CONFLICT when the engine closes first, or the future's own
   */
  public <T> T await(CompletableFuture<T> future, String what) {
    try {
      CompletableFuture.anyOf(future, begun).get();
      if (future.isDone()) {
        return future.get();
      }
      throw new EngineException(
          Kind.CONFLICT, "cannot wait for " + what + ": the engine is shutting down (try again)");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EngineException known
          ? known
          : new EngineException(Kind.FAILED, "cannot wait for " + what + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(Kind.FAILED, "interrupted while waiting for " + what, e);
    }
  }

  /** Waits at most so long; whether it came, or the engine closes. */
  public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
    try {
      CompletableFuture.anyOf(future, begun).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
