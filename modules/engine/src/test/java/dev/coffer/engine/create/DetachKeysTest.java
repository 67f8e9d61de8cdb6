package dev.coffer.engine.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.engine.EngineException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetachKeysTest {

  @Test
  void keysAreBytes() {
    assertThat(keys("ctrl-p,ctrl-q")).containsExactly(16, 17);
    assertThat(keys("ctrl-a,d")).containsExactly(1, 'd');
    assertThat(keys("ctrl-@,ctrl-_,ctrl-[")).containsExactly(0, 31, 27);
  }

  @Test
  void nothingSaidIsTheDefault() {
    assertThat(keys("")).containsExactly(16, 17);
    assertThat(DetachKeys.bytes(Optional.empty())).containsExactly(16, 17);
  }

  @Test
  void othersAreRefused() {
    for (String wrong : new String[] {"ctrl-1", "ctrl-A", "ab", "ctrl-", "a,", "\u00e9"}) {
      assertThatThrownBy(() -> keys(wrong))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("invalid detach key \"");
    }
  }

  private static byte[] keys(String text) {
    return DetachKeys.bytes(Optional.of(text));
  }
}
