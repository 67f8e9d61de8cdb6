package dev.coffer.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.cli.request.CallerGoneException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker();

  @Test
  void anActionIsEndedInItsOwnWay() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  awaitUninterrupted(begun);
                  breaker.breakOff();
                });
    String result =
        breaker.await(
            () -> {
              begun.countDown();
              awaitUninterrupted(ended);
              return "what it had by then";
            },
            ended::countDown);
    other.join();
    assertThat(result).isEqualTo("what it had by then");
    assertThat(breaker.isBroken()).isTrue();
    assertThatThrownBy(() -> breaker.await(() -> "more")).isInstanceOf(CallerGoneException.class);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted, though it has a way of its own", e);
    }
  }
}
