package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsReaderTest {
  @TempDir Path directory;

  @Test
  void bothVersionsTellTheSame() throws Exception {
    CgroupStatistics expected =
        new CgroupStatistics(
            1048576,
            4096,
            OptionalLong.of(2097152),
            3,
            Duration.ofMillis(1500),
            Duration.ofMillis(1000),
            Duration.ofMillis(500),
            7,
            Duration.ofMillis(20),
            5,
            OptionalLong.empty(),
            300,
            50);
    assertThat(
            read(
                true,
                Map.of(
                    "memory.current", "1048576\n",
                    "memory.stat", "anon 1\ninactive_file 4096\n",
                    "memory.max", "2097152\n",
                    "memory.events", "low 0\noom 4\noom_kill 3\n",
                    "cpu.stat",
                        "usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\nnr_throttled 7\nthrottled_usec 20000\n",
                    "pids.current", "5\n",
                    "pids.max", "max\n",
                    "io.stat",
                        "8:0 rbytes=100 wbytes=50 rios=1 dbytes=9\n8:16 rbytes=200 wbytes=0 rios=1\n")))
        .isEqualTo(expected);
    assertThat(
            read(
                false,
                Map.of(
                    "memory.usage_in_bytes", "1048576\n",
                    "memory.stat", "inactive_file 1\ntotal_inactive_file 4096\n",
                    "memory.limit_in_bytes", "2097152\n",
                    "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
                    "cpu.stat", "nr_periods 9\nnr_throttled 7\nthrottled_time 20000000\n",
                    "cpuacct.usage", "1500000000\n",
                    "cpuacct.stat", "user 100\nsystem 50\n",
                    "pids.current", "5\n",
                    "pids.max", "max\n",
                    "blkio.throttle.io_service_bytes",
                        "8:0 Read 300\n8:0 Write 50\n8:0 Total 350\nTotal 350\n")))
        .isEqualTo(expected);
  }

  @Test
  void aCgroupThatIsGoneUsesNothing() throws Exception {
    CgroupStatistics nothing = read(true, Map.of());
    assertThat(nothing.memoryBytes()).isZero();
    assertThat(nothing.memoryLimitBytes()).isEmpty();
  }

  private CgroupStatistics read(boolean version2, Map<String, String> files) throws Exception {
    Path cgroup = Files.createTempDirectory(directory, "cgroup");
    for (var file : files.entrySet()) {
      Files.writeString(cgroup.resolve(file.getKey()), file.getValue());
    }
    return new StatisticsReader(
            controller -> Optional.of(CgroupDirectory.of(cgroup)), controller -> version2)
        .read();
  }
}
