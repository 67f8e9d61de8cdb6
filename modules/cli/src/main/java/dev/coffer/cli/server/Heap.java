package dev.coffer.cli.server;

import java.time.Duration;

/**
 * Keeps the engine's heap near what it needs. Left alone, the serial collector takes new memory for
 * what survives its young generation until the bound is reached, and gives none of it back: after
 * some pulls the heap would be garbage for the most part. For use by one thread.
 */
final class Heap {
  /** How often to look, while there is work. */
  static final Duration INTERVAL = Duration.ofSeconds(3);

  /** Below this there is nothing to gain. */
  private static final long SMALL = 20L << 20;

  private long bound = SMALL;

  /** Collects, which takes some milliseconds, if the heap is three times what was alive then. */
  void trim() {
    Runtime machine = Runtime.getRuntime();
    if (machine.totalMemory() > bound) {
      System.gc();
      bound = Math.max(SMALL, 3 * (machine.totalMemory() - machine.freeMemory()));
    }
  }
}
