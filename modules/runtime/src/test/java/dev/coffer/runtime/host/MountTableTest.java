package dev.coffer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.ProcFile;
import org.junit.jupiter.api.Test;

/** That a change is seen, OciCallerIT shows: it wants a mount namespace of its own. */
final class MountTableTest {
  @Test
  void theTableIsThatOfThisProcessAsLongAsItIsAskedFor() throws Exception {
    MountTable table = new MountTable();
    assertThat(table.text()).isEqualTo(ProcFile.read("/proc/self/mountinfo"));
    table.close();
    assertThat(table.text()).isEqualTo(ProcFile.read("/proc/self/mountinfo"));
  }
}
