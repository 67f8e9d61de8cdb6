package dev.coffer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A thousand containers alive at once: listed, used, and removed cleanly. */
class ThousandIT {

  private static final int COUNT = Integer.getInteger("thousand.count", 1000);

  /** The best of ten: what other processes of the machine take is not the engine's. */
  private static Duration listing(Coffer coffer) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long begin = System.nanoTime();
      coffer.run("ps").ok();
      best = Math.min(best, System.nanoTime() - begin);
    }
    System.out.println("listed " + COUNT + " containers in " + best / 1_000 + " us");
    return Duration.ofNanos(best);
  }

  @Test
  void aThousandContainersLiveAtOnce() throws Exception {
    try (Coffer coffer = Coffer.open();
        ExecutorService clients = Executors.newFixedThreadPool(4)) {
      coffer.run("run", "--rm", "busybox", "true").ok();
      List<Future<Coffer.Result>> started = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        String name = "n" + i;
        started.add(
            clients.submit(
                () -> coffer.run("run", "-d", "--name", name, "busybox", "sleep", "100000")));
      }
      for (Future<Coffer.Result> one : started) {
        one.get().ok();
      }
      assertThat(coffer.run("ps", "-q").ok().lines()).hasSize(COUNT).doesNotHaveDuplicates();
      assertThat(listing(coffer)).as("time to list all").isLessThan(Duration.ofMillis(50));
      assertThat(coffer.run("exec", "n" + (COUNT - 1), "echo", "alive").ok().line())
          .isEqualTo("alive");

      List<String> remove = new ArrayList<>(List.of("rm", "-f"));
      remove.addAll(coffer.run("ps", "-aq").ok().lines());
      coffer.run(remove.toArray(String[]::new)).ok();
      assertThat(coffer.run("ps", "-aq").ok().lines()).isEmpty();
    }
  }
}
