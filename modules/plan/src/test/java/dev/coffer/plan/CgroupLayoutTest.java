package dev.coffer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout.Hierarchy;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupLayoutTest {

  private static Hierarchy hierarchy(int version, List<String> controllers, String own) {
    return new Hierarchy(version, "/sys/fs/cgroup", controllers, own);
  }

  @Test
  void whatIsAbsoluteBeginsAtTheRoot() {
    assertThat(hierarchy(2, List.of("pids"), "/a/b").resolve("/c/d")).isEqualTo("/c/d");
    assertThat(hierarchy(1, List.of("pids"), "/a/b").resolve("/c/d")).isEqualTo("/c/d");
  }

  @Test
  void inVersion1ARelativePathBeginsAtOurOwn() {
    assertThat(hierarchy(1, List.of("pids"), "/a/b").resolve("c/d")).isEqualTo("/a/b/c/d");
  }

  @Test
  void inVersion2ItBeginsBesideOurOwnInWhichWeAre() {
    Hierarchy scope = hierarchy(2, List.of("pids"), "/user.slice/session-1.scope");
    assertThat(scope.resolve("web")).isEqualTo("/user.slice/web");
    assertThat(hierarchy(2, List.of("pids"), "/a").resolve("web")).isEqualTo("/web");
    assertThat(hierarchy(2, List.of("pids"), "/").resolve("web")).isEqualTo("/web");
  }

  @Test
  void withoutControllersNothingKeepsProcessesOutOfWhatIsBelowOurs() {
    assertThat(hierarchy(2, List.of(), "/a/b").resolve("web")).isEqualTo("/a/b/web");
  }
}
