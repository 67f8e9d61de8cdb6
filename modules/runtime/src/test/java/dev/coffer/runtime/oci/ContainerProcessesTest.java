package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerProcessesTest {
  private static final String OUTPUT =
      """
      UID        PID  PPID CMD
      root         1     0 init
      root        12     1 sleep 123
      root       123     1 sh -c echo 12
      """;

  @Test
  void linesAreChosenByTheColumnOfPids() {
    assertThat(ContainerProcesses.filter(OUTPUT, Set.of(12, 99)))
        .isEqualTo("UID        PID  PPID CMD\nroot        12     1 sleep 123\n");
  }

  @Test
  void theHeadingStaysWithoutAny() {
    assertThat(ContainerProcesses.filter(OUTPUT, Set.of())).isEqualTo("UID        PID  PPID CMD\n");
  }

  @Test
  void withoutThatColumnNothingCanBeChosen() {
    assertThatThrownBy(() -> ContainerProcesses.filter("COMMAND\ninit\n", Set.of(1)))
        .isInstanceOf(OciException.class)
        .hasMessage("cannot read the output of ps: it has no column PID (let it have one)");
    assertThatThrownBy(() -> ContainerProcesses.filter("", Set.of(1)))
        .isInstanceOf(OciException.class);
  }
}
