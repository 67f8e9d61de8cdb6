package dev.coffer.engine.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an installer says went wrong. */
class FirstErrorTest {

  @Test
  void theFirstErrorIsTheOneToTell() {
    List<String> told = new ArrayList<>();
    FirstError messages = new FirstError(told::add);
    assertThat(messages.text()).isEmpty();
    List.of("I: one", "E: no such package", "E: it failed").forEach(messages);
    assertThat(messages.text()).isEqualTo("no such package");
    assertThat(told).containsExactly("I: one", "E: no such package", "E: it failed");
  }
}
