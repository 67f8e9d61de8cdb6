package dev.coffer.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final int CALLERS = 4;
  private static final int CALLS = 3_000;

  /** Who comes while the loop is busy with others' tasks is not left waiting. */
  @Test
  void everyTaskIsDoneHoweverManyComeAtOnce() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (Loop loop = Loop.start();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(
            callers.submit(
                () -> {
                  for (int call = 0; call < CALLS; call++) {
                    assertThat(loop.run(done::incrementAndGet)).isTrue();
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get(1, TimeUnit.MINUTES);
      }
    }
    assertThat(done).hasValue(CALLERS * CALLS);
  }
}
