package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.IdMapping;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdMapOptionTest {
  private static final List<IdMapping> CONTAINER =
      List.of(IdMapping.of(0, 0, 1), IdMapping.of(1, 2, 1000));

  private static List<IdMapping> users(String text) {
    return IdMapOption.ranges(text, "uids", CONTAINER);
  }

  @Test
  void rangesAreOfTheDiskTheHostAndASize() {
    String text = "uids=0-1-10#10-11-10;gids=0-100-10";
    assertThat(users(text)).containsExactly(IdMapping.of(0, 1, 10), IdMapping.of(10, 11, 10));
    assertThat(IdMapOption.ranges(text, "gids", CONTAINER))
        .containsExactly(IdMapping.of(0, 100, 10));
    assertThat(users("gids=0-100-10")).isEmpty();
  }

  @Test
  void aRangeMayBeOfTheContainersIds() {
    assertThat(users("uids=@1-3-10")).containsExactly(IdMapping.of(1, 4, 10));
    assertThat(users("uids=@0-0-1#@1-1-1000"))
        .containsExactly(IdMapping.of(0, 0, 1), IdMapping.of(1, 2, 1000));
  }

  @Test
  void rangesOfTheContainerThatGoOnAreOne() {
    List<IdMapping> container =
        List.of(
            IdMapping.of(1, 100_001, 999),
            IdMapping.of(0, 100_000, 1),
            IdMapping.of(1000, 101_000, 1),
            IdMapping.of(1001, 200_000, 10));
    assertThat(IdMapOption.ranges("uids=@0-0-1001", "uids", container))
        .containsExactly(IdMapping.of(0, 100_000, 1001));
    assertThatThrownBy(() -> IdMapOption.ranges("uids=@0-0-1002", "uids", container))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("the container has no one range with ids 0 to 1001");
  }

  @Test
  void idsThatTheContainerHasNotAreNamed() {
    assertThatThrownBy(() -> users("uids=@0-0-2"))
        .isInstanceOf(PlanException.class)
        .hasMessage("option \"idmap=uids=@0-0-2\": the container has no one range with ids 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uids",
        "=0-0-1",
        "users=0-0-1",
        "uids=",
        "uids=0-0",
        "uids=0-0-0",
        "uids=0-0-1#",
        "uids=0-0-1;",
        "uids=-1-0-1",
        "uids=0-0-4294967296",
        "uids=4294967295-0-1",
        "uids=0-99999999999-1"
      })
  void whatCannotBeReadIsRefused(String text) {
    assertThatThrownBy(() -> users(text))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("\"idmap=" + text + "\": must be like uids=");
  }
}
