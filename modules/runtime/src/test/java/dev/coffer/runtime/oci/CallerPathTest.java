package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerPathTest {
  @ParameterizedTest
  @CsvSource({
    "config.json, /work/config.json",
    "../other, /other",
    "/etc/./hosts, /etc/hosts",
    "/dev/stdin, /proc/7/fd/0",
    "/dev/stdout, /proc/7/fd/1",
    "/dev/stderr, /proc/7/fd/2",
    "/dev/fd/63, /proc/7/fd/63",
    "/proc/self/fd/3, /proc/7/fd/3",
    "/proc/thread-self/cwd/x, /proc/7/cwd/x",
    "/dev/fd/x, /dev/fd/x",
    "/proc/selfish, /proc/selfish"
  })
  void leadsWhereTheCallerMeans(String given, Path expected) {
    assertThat(CallerPath.resolve(Path.of("/work"), 7, given)).isEqualTo(expected);
  }
}
