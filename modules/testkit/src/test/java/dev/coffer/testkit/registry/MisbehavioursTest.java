package dev.coffer.testkit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MisbehavioursTest {
  @Test
  void thereAreManyOfEachKindAndNoneTwice() {
    List<Misbehaviour> all = Misbehaviours.all().toList();
    assertThat(all.stream().map(Misbehaviour::toString)).doesNotHaveDuplicates();
    assertThat(all).hasSizeGreaterThan(250);
    for (Misbehaviour.Action action : Misbehaviour.Action.values()) {
      assertThat(all.stream().filter(each -> each.action() == action)).hasSizeGreaterThan(5);
    }
    assertThat(Arrays.asList(Misbehaviour.Outcome.class.getPermittedSubclasses()))
        .allMatch(kind -> all.stream().anyMatch(each -> kind.isInstance(each.outcome())));
  }
}
