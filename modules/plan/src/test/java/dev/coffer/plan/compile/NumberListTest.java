package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberListTest {
  @Test
  void aListIsAMaskOfWholeWords() {
    assertThat(NumberList.mask("0", "field").toString()).isEqualTo("0100000000000000");
    assertThat(NumberList.mask("0-3,7", "field").toString()).isEqualTo("8f00000000000000");
    assertThat(NumberList.mask("64,1", "field").toString())
        .isEqualTo("02000000000000000100000000000000");
    assertThat(NumberList.mask("8191", "field").size()).isEqualTo(1024);
  }

  @Test
  void whatIsNoListIsRefused() {
    for (String list : List.of("", "a", "3-1", "1,,2", "-1", "8192", "99999999999", "0-", "1 ")) {
      assertThatThrownBy(() -> NumberList.mask(list, "field"))
          .isInstanceOf(PlanException.class)
          .hasMessage("field: \"" + list + "\" is no list such as 0-3,7 of numbers below 8192");
    }
  }
}
