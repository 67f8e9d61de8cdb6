package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.CurrentProcess;
import org.junit.jupiter.api.Test;

class ProcessStatTest {
  @Test
  void aNameMayLookLikeTheFieldsBehindIt() throws Exception {
    String stat =
        "7 (a) Z 1 (b) R) S 1 7 7 0 -1 4194560 100 0 0 0 0 0 0 0 20 0 1 0 123456 99 1 2 3\n";
    assertThat(ProcessStat.parse(stat)).isEqualTo(new ProcessStat('S', true, 123456));
  }

  @Test
  void whatWasOnlyForkedHasExecutedNothing() {
    String stat = "7 (sh) R 1 7 7 0 -1 4194368 0 0 0 0 0 0 0 0 20 0 1 0 5 99 1 2 3\n";
    assertThat(ProcessStat.parse(stat)).isEqualTo(new ProcessStat('R', false, 5));
  }

  @Test
  void aProcessIsReadAsTheKernelDescribesIt() throws Exception {
    ProcessStat own = ProcessStat.of(CurrentProcess.pid()).orElseThrow();
    assertThat(own.isAlive()).isTrue();
    assertThat(own.hasExecuted()).as("java was executed").isTrue();
    assertThat(own.startTicks()).isPositive();
  }

  @Test
  void thereIsNoneOfAPidThatIsNotInUse() throws Exception {
    assertThat(ProcessStat.of(Integer.MAX_VALUE)).isEmpty();
  }
}
