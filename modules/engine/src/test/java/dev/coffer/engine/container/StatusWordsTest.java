package dev.coffer.engine.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusWordsTest {

  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0.9S, Less than a second",
    "PT1S, 1 second",
    "PT59S, 59 seconds",
    "PT60S, About a minute",
    "PT120S, 2 minutes",
    "PT59M, 59 minutes",
    "PT60M, About an hour",
    "PT90M, 2 hours",
    "PT47H, 47 hours",
    "PT48H, 2 days",
    "P13D, 13 days",
    "P14D, 2 weeks",
    "P60D, 2 months",
    "P730D, 2 years"
  })
  void durationsAreDockers(Duration duration, String words) {
    assertThat(StatusWords.since(NOW.minus(duration), NOW)).isEqualTo(words);
  }

  @Test
  void everyStateHasItsWords() {
    ContainerState up = ContainerState.CREATED.started(42, NOW.minusSeconds(180));
    ContainerState ended = up.ended(137, false, NOW.minusSeconds(7200), "");
    assertThat(StatusWords.of(ContainerState.CREATED, NOW)).isEqualTo("Created");
    assertThat(StatusWords.of(up, NOW)).isEqualTo("Up 3 minutes");
    assertThat(StatusWords.of(up.with(Status.PAUSED), NOW)).isEqualTo("Up 3 minutes (Paused)");
    assertThat(StatusWords.of(ended, NOW)).isEqualTo("Exited (137) 2 hours ago");
    assertThat(StatusWords.of(ended.with(Status.RESTARTING), NOW))
        .isEqualTo("Restarting (137) 2 hours ago");
    assertThat(StatusWords.of(ended.with(Status.REMOVING), NOW)).isEqualTo("Removal In Progress");
    assertThat(StatusWords.of(ended.with(Status.DEAD), NOW)).isEqualTo("Dead");
  }
}
