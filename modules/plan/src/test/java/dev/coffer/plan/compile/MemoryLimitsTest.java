package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Memory;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLimitsTest {
  private static List<String> written(List<CgroupSetting> settings) {
    return settings.stream().map(setting -> setting.contents().firstEntry().toString()).toList();
  }

  @Test
  void theLimitGoesBeforeThatOfMemoryAndSwap() {
    Memory memory = Memory.builder().swap(200L).limit(100L).build();
    assertThat(written(MemoryLimits.version1(memory)))
        .containsExactly("memory.limit_in_bytes=100", "memory.memsw.limit_in_bytes=200");
  }

  @Test
  void version2CountsSwapAlone() {
    Memory memory = Memory.builder().limit(100L).swap(250L).reservation(50L).build();
    assertThat(written(MemoryLimits.version2(memory)))
        .containsExactly("memory.max=100", "memory.swap.max=150", "memory.low=50");
  }

  @Test
  void unlimitedIsMax() {
    Memory memory = Memory.builder().limit(-1L).swap(-1L).build();
    assertThat(written(MemoryLimits.version2(memory)))
        .containsExactly("memory.max=max", "memory.swap.max=max");
  }

  @Test
  void swapWithoutALimitMeansNothingInVersion2() {
    Memory memory = Memory.builder().swap(100L).build();
    assertThatThrownBy(() -> MemoryLimits.version2(memory))
        .isInstanceOf(PlanException.class)
        .hasMessage("linux.resources.memory.swap: needs a memory limit beside it");
  }

  @Test
  void swapBelowTheLimitIsRefused() {
    Memory memory = Memory.builder().limit(200L).swap(100L).build();
    assertThatThrownBy(() -> MemoryLimits.version2(memory))
        .isInstanceOf(PlanException.class)
        .hasMessage("linux.resources.memory.swap: less than the memory limit");
  }

  @Test
  void whatVersion2LacksIsRefused() {
    assertThatThrownBy(() -> MemoryLimits.version2(Memory.builder().swappiness(10L).build()))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("linux.resources.memory.swappiness");
  }

  @Test
  void noLimitForTheKernelIsNothingToRefuse() {
    assertThat(written(MemoryLimits.version2(Memory.builder().kernel(-1L).kernelTCP(-1L).build())))
        .isEmpty();
    // As dockerd 20.10 writes it in every update.
    Memory zeros = Memory.builder().kernel(0L).kernelTCP(0L).build();
    assertThat(written(MemoryLimits.version2(zeros))).isEmpty();
    assertThat(written(MemoryLimits.version1(zeros))).isEmpty();
    assertThatThrownBy(() -> MemoryLimits.version2(Memory.builder().kernelTCP(5L).build()))
        .hasMessageContaining("linux.resources.memory.kernel");
  }

  @Test
  void childrenAlwaysCount() {
    Memory apart = Memory.builder().useHierarchy(false).build();
    assertThat(written(MemoryLimits.version1(apart))).containsExactly("memory.use_hierarchy=0");
    assertThatThrownBy(() -> MemoryLimits.version2(apart))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("linux.resources.memory.useHierarchy");
    assertThat(MemoryLimits.version2(Memory.builder().useHierarchy(true).build())).isEmpty();
  }

  @Test
  void zeroIsNoLimit() {
    Memory memory = Memory.builder().limit(0L).swap(0L).reservation(0L).build();
    assertThat(MemoryLimits.version1(memory)).isEmpty();
    assertThat(MemoryLimits.version2(memory)).isEmpty();
  }
}
