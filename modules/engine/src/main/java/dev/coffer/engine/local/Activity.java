package dev.coffer.engine.local;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import java.time.Instant;

/** Counts the commands under way, and refuses more of them at the end. */
final class Activity {

  private static final long PATIENCE_MILLIS = 10_000;

  private int running;
  private boolean refusing;
  private Instant last = Instant.now();

  synchronized void begin() {
    if (refusing) {
      throw new EngineException(Kind.CONFLICT, "the engine is shutting down (try again)");
    }
    running++;
    last = Instant.now();
  }

  synchronized void end() {
    running--;
    last = Instant.now();
    notifyAll();
  }

  synchronized boolean isActive() {
    return running > 0;
  }

  synchronized Instant last() {
    return last;
  }

  synchronized void refuseMore() {
    refusing = true;
  }

  /** Waits for what is under way, but not for ever: some commands wait for a container's end. */
  synchronized void awaitQuiet() {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    try {
      for (long left = PATIENCE_MILLIS; running > 0 && left > 0; ) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
