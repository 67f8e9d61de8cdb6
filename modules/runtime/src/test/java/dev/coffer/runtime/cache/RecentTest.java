package dev.coffer.runtime.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTest {
  private final List<String> made = new ArrayList<>();
  private final Recent<String, String> recent =
      new Recent<>(3, 100, (key, value) -> key.length() + value.length());

  private String get(String key) {
    return recent.get(
        key,
        each -> {
          made.add(each);
          return each + "!";
        });
  }

  @Test
  void whatIsKnownIsNotMadeAgain() {
    assertThat(get("a")).isSameAs(get("a"));
    assertThat(made).containsExactly("a");
  }

  @Test
  void thatWhichWasNotAskedForLongestGoes() {
    List.of("a", "b", "c", "a", "d", "a", "b").forEach(this::get);
    assertThat(made).containsExactly("a", "b", "c", "d", "b");
  }

  @Test
  void togetherTheyWeighNoMoreThanTheLimit() {
    for (int round = 0; round < 1_000; round++) {
      get("x".repeat(round % 60));
      assertThat(recent.weight()).isBetween(0L, 100L);
    }
  }

  @Test
  void theHeavyDoNotPushOutTheLight() {
    get("a");
    String heavy = "x".repeat(100);
    get(heavy);
    get(heavy);
    get("a");
    assertThat(made).containsExactly("a", heavy, heavy);
  }
}
