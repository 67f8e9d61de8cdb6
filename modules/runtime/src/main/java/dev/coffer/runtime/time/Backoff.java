package dev.coffer.runtime.time;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Pauses that grow, for what the kernel finishes without telling anybody. */
public final class Backoff {
  private static final long FIRST = 200_000;
  private static final long LONGEST = 20_000_000;

  private final long deadline;
  private long pause = FIRST;

  /** Pauses until the patience is over. */
  public Backoff(Duration patience) {
    deadline = System.nanoTime() + patience.toNanos();
  }

  /** Waits a little; false, and no wait, when the patience is over. */
  public boolean again() {
    if (System.nanoTime() - deadline >= 0) {
      return false;
    }
    LockSupport.parkNanos(this, pause);
    pause = Math.min(LONGEST, pause * 2);
    return true;
  }
}
