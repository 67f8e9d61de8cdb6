package dev.coffer.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
  @Test
  void thisProcessIsFoundAndOneThatIsGoneIsNot() throws Exception {
    ProcessHandle self = ProcessHandle.current();
    List<ProcessInfo> found = ProcessTable.read(List.of((int) self.pid(), Integer.MAX_VALUE));
    assertThat(found).hasSize(1);
    ProcessInfo info = found.getFirst();
    assertThat(info.pid()).isEqualTo((int) self.pid());
    assertThat(info.parentPid()).isEqualTo((int) self.parent().orElseThrow().pid());
    assertThat(Duration.between(info.startedAt(), self.info().startInstant().orElseThrow()).abs())
        .isLessThan(Duration.ofSeconds(2));
    assertThat(info.command()).contains("java");
    assertThat(info.residentBytes()).isGreaterThan(1 << 20);
  }

  @Test
  void aNameMayHoldParenthesesAndBlanks() {
    String stat =
        "42 (a) (b c) S 1 42 42 34817 42 4194304 0 0 0 0 150 50 0 0 20 0 3 0 200 1000 5 0";
    ProcessInfo info =
        ProcessTable.parse(stat, "Uid:\t0\t1000\t0\t0\n", "", Instant.ofEpochSecond(100));
    assertThat(info)
        .isEqualTo(
            new ProcessInfo(
                42,
                1,
                1000,
                'S',
                "pts/1",
                Instant.ofEpochSecond(102),
                Duration.ofSeconds(2),
                5 * 4096,
                3,
                "[a) (b c]"));
    assertThat(info.processorPercent(Instant.ofEpochSecond(106))).isEqualTo(50);
  }
}
