package dev.coffer.network.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which sandboxes are made ahead, and what becomes of those that nobody wants. */
class SandboxPoolTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final NetworkSpec NETWORK = Site.bridge(1, false);
  private static final NetworkSpec OTHER = Site.bridge(2, false);

  private final Counting source = new Counting();
  private final SandboxPool pool = new SandboxPool(source);

  /** Makes sandboxes whose namespaces are none. */
  private static final class Counting implements SandboxPool.Source {
    final AtomicInteger attempts = new AtomicInteger();
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();
    volatile boolean fails;
    volatile boolean exhausted;

    @Override
    public Optional<Sandbox> make(NetworkSpec network) throws IOException {
      attempts.incrementAndGet();
      if (fails) {
        throw new IOException("as told");
      }
      if (exhausted) {
        return Optional.empty();
      }
      made.incrementAndGet();
      Endpoint end = new Endpoint(network, Site.end(network, 2));
      return Optional.of(
          new Sandbox(FileOpen.path("/dev/null", OpenFlags.RDONLY), Optional.of(end)));
    }

    @Override
    public void discard(Sandbox unused) {
      discarded.incrementAndGet();
      unused.close();
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private void made(int count) throws Exception {
    WaitFor.condition(count + " are made", SOON, () -> source.made.get() == count);
  }

  private int takeAll(NetworkSpec network) {
    List<Sandbox> taken = new ArrayList<>();
    Optional<Sandbox> next = pool.take(network);
    while (next.isPresent()) {
      taken.add(next.get());
      next = pool.take(network);
    }
    taken.forEach(Sandbox::close);
    return taken.size();
  }

  @Test
  void noneIsMadeBeforeOneIsWanted() {
    assertThat(source.attempts).hasValue(0);
    pool.close();
    assertThat(pool.take(NETWORK)).isEmpty();
    assertThat(source.attempts).hasValue(0);
  }

  @Test
  void moreAreReadyTheMoreOftenThereWasNone() throws Exception {
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4);
    source.exhausted = true;
    assertThat(takeAll(NETWORK)).isEqualTo(4);
    for (int i = 0; i < 5; i++) {
      assertThat(pool.take(NETWORK)).isEmpty();
    }
    source.exhausted = false;
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4 + 8);
    pool.close();
    assertThat(source.discarded).hasValue(8);
  }

  @Test
  void whatIsTakenIsMadeAgain() throws Exception {
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4);
    pool.take(NETWORK).orElseThrow().close();
    made(5);
    assertThat(source.discarded).hasValue(0);
  }

  @Test
  void aFailureIsNotRepeatedUntilOneIsWanted() throws Exception {
    source.fails = true;
    for (int wish = 1; wish <= 3; wish++) {
      int expected = wish;
      assertThat(pool.take(NETWORK)).isEmpty();
      WaitFor.condition("tried", SOON, () -> source.attempts.get() == expected);
    }
    source.fails = false;
    assertThat(pool.take(NETWORK)).isEmpty();
    made(8);
    assertThat(source.attempts).hasValue(3 + 8);
  }

  @Test
  void thoseOfAnotherNetworkAreThrownAway() throws Exception {
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4);
    assertThat(pool.isOf(NETWORK)).isTrue();
    assertThat(pool.take(OTHER)).isEmpty();
    assertThat(source.discarded).hasValue(4);
    assertThat(pool.isOf(OTHER)).isTrue();
    made(4 + 8);
    Sandbox taken = pool.take(OTHER).orElseThrow();
    assertThat(taken.prepared().orElseThrow().network()).isEqualTo(OTHER);
    taken.close();
  }

  @Test
  void whatIsClearedIsMadeAgainWhenOneIsWanted() throws Exception {
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4);
    pool.clear();
    assertThat(source.discarded).hasValue(4);
    assertThat(pool.isOf(NETWORK)).isFalse();
    assertThat(pool.take(NETWORK)).isEmpty();
    made(4 + 8);
  }
}
