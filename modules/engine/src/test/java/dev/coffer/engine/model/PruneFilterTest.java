package dev.coffer.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which unused things go. */
class PruneFilterTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Map<String, String> LABELS = Map.of("keep", "", "team", "a");

  private static boolean goes(List<String> labels, List<String> notLabels) {
    return new PruneFilter(Optional.empty(), labels, notLabels).matches(NOON, LABELS);
  }

  @Test
  void withoutConditionsEverythingGoes() {
    assertThat(PruneFilter.ALL.matches(NOON, LABELS)).isTrue();
  }

  @Test
  void onlyWhatIsOlder() {
    PruneFilter filter = new PruneFilter(Optional.of(NOON), List.of(), List.of());
    assertThat(filter.matches(NOON.minusNanos(1), Map.of())).isTrue();
    assertThat(filter.matches(NOON, Map.of())).isFalse();
  }

  @Test
  void allLabelsCount() {
    assertThat(goes(List.of("keep", "team=a"), List.of())).isTrue();
    assertThat(goes(List.of("keep", "team=b"), List.of())).isFalse();
    assertThat(goes(List.of("none"), List.of())).isFalse();
  }

  @Test
  void anyUnwantedLabelSpares() {
    assertThat(goes(List.of(), List.of("keep"))).isFalse();
    assertThat(goes(List.of(), List.of("team=b", "none"))).isTrue();
  }
}
