package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Cpu;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuLimitsTest {
  @ParameterizedTest
  @CsvSource({"0,1", "2,1", "1024,100", "2048,174", "262144,10000", "999999,10000"})
  void sharesBecomeAWeight(long shares, long weight) {
    assertThat(CpuLimits.weight(shares)).isEqualTo(weight);
  }

  @Test
  void moreSharesNeverWeighLess() {
    long previous = 0;
    for (long shares = 2; shares <= 262_144; shares++) {
      long weight = CpuLimits.weight(shares);
      assertThat(weight).isBetween(Math.max(previous, 1), 10_000L);
      previous = weight;
    }
  }

  @Test
  void aPeriodAloneLeavesTheQuotaUnlimited() {
    Cpu cpu = Cpu.builder().period(50_000L).build();
    assertThat(CpuLimits.version2(cpu))
        .containsExactly(CgroupSetting.of("cpu", "cpu.max", "max 50000", "cpu.quota"));
  }

  @Test
  void realTimeLimitsAreRefusedInVersion2() {
    Cpu cpu = Cpu.builder().realtimeRuntime(1L).build();
    assertThatThrownBy(() -> CpuLimits.version2(cpu))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("linux.resources.cpu.realtimeRuntime");
  }

  @Test
  void anIdleCgroupHasNoWeight() {
    Cpu cpu = Cpu.builder().idle(1L).shares(512L).build();
    assertThat(CpuLimits.version2(cpu))
        .extracting(setting -> setting.contents().firstEntry().getKey())
        .containsExactly("cpu.idle");
    assertThat(cpu.quota()).isEqualTo(Optional.empty());
  }

  @Test
  void zeroIsNoLimit() {
    Cpu cpu = Cpu.builder().shares(0).quota(0).period(0).realtimePeriod(0).build();
    assertThat(CpuLimits.version1(cpu)).isEmpty();
    assertThat(CpuLimits.version2(cpu)).isEmpty();
  }
}
