package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.spec.runtime.Cpu;
import dev.coffer.spec.runtime.Memory;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CurrentLimitsTest {
  private static final CgroupLayout VERSION_1 =
      new CgroupLayout(
          Mode.V1,
          List.of(
              new Hierarchy(1, "/memory", List.of("memory"), "/"),
              new Hierarchy(1, "/cpu", List.of("cpu"), "/")));
  private static final CgroupLayout VERSION_2 =
      new CgroupLayout(Mode.V2, List.of(new Hierarchy(2, "/", List.of("memory", "cpu"), "/")));

  private static CurrentLimits current(CgroupLayout layout, Map<String, String> files) {
    return new CurrentLimits((_, file) -> Optional.ofNullable(files.get(file)), layout);
  }

  private static Resources memory(Memory.Builder memory) {
    return Resources.builder().memory(memory.build()).build();
  }

  private static Resources cpu(Cpu.Builder cpu) {
    return Resources.builder().cpu(cpu.build()).build();
  }

  @Test
  void aQuotaKeepsThePeriodThatIsThere() throws IOException {
    Resources whole =
        current(VERSION_2, Map.of("cpu.max", "max 50000"))
            .complete(cpu(Cpu.builder().quota(20_000)));
    assertThat(whole).isEqualTo(cpu(Cpu.builder().quota(20_000).period(50_000)));
  }

  @Test
  void aPeriodKeepsTheQuotaThatIsThere() throws IOException {
    Resources whole =
        current(VERSION_2, Map.of("cpu.max", "20000 50000"))
            .complete(cpu(Cpu.builder().period(100_000)));
    assertThat(whole).isEqualTo(cpu(Cpu.builder().quota(20_000).period(100_000)));
  }

  @Test
  void aPeriodWithoutAQuotaStaysWithoutOne() throws IOException {
    Resources wanted = cpu(Cpu.builder().period(100_000));
    assertThat(current(VERSION_2, Map.of("cpu.max", "max 50000")).complete(wanted))
        .isEqualTo(wanted);
  }

  @Test
  void version1HasFilesOfTheirOwn() throws IOException {
    Resources wanted = cpu(Cpu.builder().quota(20_000));
    assertThat(current(VERSION_1, Map.of()).complete(wanted)).isEqualTo(wanted);
  }

  @Test
  void swapCountsBesideTheMemoryLimitThatIsThere() throws IOException {
    Resources whole =
        current(VERSION_2, Map.of("memory.max", "1000"))
            .complete(memory(Memory.builder().swap(1500)));
    assertThat(whole).isEqualTo(memory(Memory.builder().limit(1000).swap(1500)));
  }

  @Test
  void withoutALimitOfMemoryThereIsNoneOfTheSum() throws IOException {
    Resources wanted = memory(Memory.builder().limit(-1));
    assertThat(current(VERSION_1, Map.of("memory.memsw.limit_in_bytes", "1000")).complete(wanted))
        .isEqualTo(memory(Memory.builder().limit(-1).swap(-1)));
    assertThat(current(VERSION_1, Map.of()).complete(wanted)).isEqualTo(wanted);
  }

  @Test
  void aLimitIsCheckedWhereThatIsAsked() throws IOException {
    CurrentLimits current = current(VERSION_2, Map.of("memory.current", "2000"));
    Resources checked = memory(Memory.builder().limit(1000).checkBeforeUpdate(true));
    assertThatThrownBy(() -> current.complete(checked))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot limit memory to 1000 bytes: 2000 are in use");
    Resources unchecked = memory(Memory.builder().limit(1000));
    assertThat(current.complete(unchecked)).isEqualTo(unchecked);
  }
}
