package dev.coffer.cli.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubCgroupsTest {
  @Test
  void aPathAloneIsForAll() {
    assertThat(SubCgroups.parse(List.of("/a/b"))).isEqualTo(Map.of("", "a/b"));
    assertThat(SubCgroups.parse(List.of())).isEmpty();
  }

  @Test
  void controllersHavePathsOfTheirOwn() {
    assertThat(SubCgroups.parse(List.of("cpu,memory:a", "pids:b")))
        .isEqualTo(Map.of("cpu", "a", "memory", "a", "pids", "b"));
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    for (List<String> values :
        List.of(
            List.of("a", "pids:b"),
            List.of("cpu:a", "cpu:b"),
            List.of("cpu:a:b"),
            List.of("cpu:../a"))) {
      assertThatThrownBy(() -> SubCgroups.parse(values))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("invalid --cgroup \"");
    }
  }
}
