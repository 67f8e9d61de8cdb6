package dev.coffer.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a filter says of labels. */
class LabelFilterTest {

  @ParameterizedTest
  @CsvSource({
    "keep, true",
    "keep=, true",
    "team=a, true",
    "team, true",
    "team=b, false",
    "team=, false",
    "url=a=b, true",
    "none, false",
    "none=, false"
  })
  void aNameOrANameWithItsValue(String wanted, boolean matches) {
    Map<String, String> labels = Map.of("keep", "", "team", "a", "url", "a=b");
    assertThat(LabelFilter.matches(labels, wanted)).isEqualTo(matches);
  }
}
