package dev.coffer.runtime.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SpareMonitorsTest {
  private static final int THREADS = 32;
  private static final int TIMES = 60;

  @Test
  void closingEndsWheneverItComes() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS * TIMES; i++) {
        // Around the moment when the thread that makes them has waited for long enough.
        long nanoseconds = TimeUnit.MICROSECONDS.toNanos(10_000 + i % 300);
        all.add(threads.submit(() -> closeAfter(nanoseconds)));
      }
      for (Future<?> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      boolean ignored = threads.shutdownNow().isEmpty();
    }
  }

  private static void closeAfter(long nanoseconds) {
    try (SpareMonitors none = new SpareMonitors(0, null, null, null, null, null)) {
      none.replenish();
      LockSupport.parkNanos(nanoseconds);
    }
  }
}
