package dev.coffer.engine.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.engine.model.TopTable;
import dev.coffer.engine.program.Programs;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which lines of ps are a container's. */
class HostPsTest {

  @Test
  void itsProcessesArePickedByTheirPid() throws IOException {
    TopTable table =
        HostPs.table(
            """
                PID USER     COMMAND
                  1 root     /sbin/init splash
                 42 www      nginx: worker  process
                421 root     sleep 42
            """,
            Set.of(42));
    assertThat(table.titles()).containsExactly("PID", "USER", "COMMAND");
    assertThat(table.processes()).containsExactly(List.of("42", "www", "nginx: worker  process"));
  }

  @Test
  void threadsFollowTheirProcess() throws IOException {
    TopTable table = HostPs.table("PID LWP\n7 -\n- 70\n8 -\n- 80\n", Set.of(8));
    assertThat(table.processes()).containsExactly(List.of("8", "-"), List.of("-", "80"));
  }

  @Test
  void withoutPidsNothingCanBePicked() {
    assertThatThrownBy(() -> HostPs.table("COMMAND\nsh\n", Set.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no column PID");
    assertThatThrownBy(() -> HostPs.table("", Set.of(1))).hasMessageContaining("no column PID");
  }

  @Test
  void aHostWithoutPsIsTold() {
    assertThatThrownBy(() -> new HostPs(new Programs(List.of("/nowhere"))).of(List.of(), Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("install procps");
  }
}
