package dev.coffer.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LifeTest {
  private final Life life = new Life();
  private final Life.Running command = () -> {};

  private CompletableFuture<Boolean> work() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return life.awaitWork();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void thereIsWorkWhileACommandRunsAndOnceAfterIt() {
    CompletableFuture<Boolean> waiting = work();
    assertThat(waiting).isNotDone();
    assertThat(life.begin(command)).isTrue();
    assertThat(waiting.join()).isTrue();
    assertThat(work().join()).isTrue();
    life.end(command);
    assertThat(work().join()).isTrue();
    assertThat(work()).isNotDone();
  }

  @Test
  void whoWaitsForWorkIsToldOfTheEnd() {
    CompletableFuture<Boolean> waiting = work();
    life.finish(Life.Phase.ENDING);
    assertThat(waiting.join()).isFalse();
    assertThat(work().join()).isFalse();
  }
}
