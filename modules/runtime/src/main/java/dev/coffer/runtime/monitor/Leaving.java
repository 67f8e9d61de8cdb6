package dev.coffer.runtime.monitor;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Monitors that have nothing left to do and are about to end. An engine that closes waits for them,
 * since in a JVM that lives on they would stay as zombies. Any number of threads may call.
 */
final class Leaving {
  private static final long PATIENCE_SECONDS = 5;

  private final Map<Long, CompletableFuture<Void>> reaped = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();

  /** Notes one, by what completes when it is no zombie any more. */
  void add(CompletableFuture<Void> monitor) {
    long number = count.incrementAndGet();
    reaped.put(number, monitor);
    var ignored = monitor.whenComplete((_, _) -> reaped.remove(number));
  }

  /** Waits until they have ended, for a few seconds. */
  void await() {
    try {
      CompletableFuture.allOf(reaped.values().toArray(CompletableFuture[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      // They leave all the same; at worst they stay as zombies until this process ends.
    }
  }
}
