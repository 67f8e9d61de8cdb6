package dev.coffer.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting in tests for what will be true soon. */
public final class WaitFor {
  private static final long PAUSE_NANOSECONDS = 5_000_000;

  private WaitFor() {}

  /**
   * Asks again and again until the condition holds.
   *
   * @throws AssertionError when it does not in time; what it threw last is its cause
   */
  public static void condition(String what, Duration patience, Callable<Boolean> condition) {
    present(what, patience, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /** Asks again and again until there is a value, and gives it. */
  public static <T> T present(String what, Duration patience, Callable<Optional<T>> value) {
    long deadline = System.nanoTime() + patience.toNanos();
    Exception last = null;
    while (System.nanoTime() - deadline < 0) {
      try {
        Optional<T> found = value.call();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE_NANOSECONDS);
    }
    throw new AssertionError("not in " + patience.toMillis() + " ms: " + what, last);
  }
}
