package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.Feature;
import dev.coffer.plan.TestHosts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MountOptionNamesTest {
  static List<String> names() {
    return MountOptionNames.known(TestHosts.hybrid());
  }

  @ParameterizedTest
  @MethodSource("names")
  void noneOfThemIsLeftToTheFileSystem(String name) {
    assertThat(MountOptions.parse(List.of(name)).data()).isEmpty();
  }

  @Test
  void theyAreSorted() {
    assertThat(names()).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whatTheKernelLacksIsNotSaid() {
    assertThat(MountOptionNames.known(TestHosts.without(Feature.IDMAP_MOUNTS)))
        .doesNotContain("idmap", "ridmap")
        .contains("rro");
  }
}
