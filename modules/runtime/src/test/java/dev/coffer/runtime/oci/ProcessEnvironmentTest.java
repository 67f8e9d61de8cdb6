package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessEnvironmentTest {
  @Test
  void hasEachVariableOnceAsItWasLastGiven() {
    assertThat(
            ProcessEnvironment.lastOfEach(List.of("A=1", "B=x=y", "A=", "C", "AB=2", "A=3", "C")))
        .containsExactly("B=x=y", "AB=2", "A=3", "C");
  }
}
