package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupAccessTest {
  private static final String NOT_WRITABLE = "/proc";

  @TempDir private Path writable;

  private CgroupLayout layout(String ownPath) {
    return new CgroupLayout(
        Mode.V1,
        List.of(
            new Hierarchy(1, writable.toString(), List.of("pids"), ownPath),
            new Hierarchy(1, NOT_WRITABLE, List.of("memory"), ownPath)));
  }

  private CgroupLayout of(CgroupLayout layout, String path) {
    return CgroupAccess.of(layout, path, each -> each.startsWith(writable));
  }

  @Test
  void whatMayNotBeMadeIsClosed() {
    CgroupLayout found = of(layout("/"), "web");
    assertThat(found.hierarchies())
        .extracting(Hierarchy::mountPoint)
        .containsExactly(writable.toString());
    assertThat(found.closed()).extracting(Hierarchy::mountPoint).containsExactly(NOT_WRITABLE);
    assertThat(found.of("memory")).isEmpty();
    assertThat(found.ownPaths()).containsOnlyKeys(writable.toString());
  }

  @Test
  void theLastDirectoryThatIsThereCounts() throws IOException {
    Path own = Files.createDirectory(writable.resolve("own"));
    Predicate<Path> isOwn = own::equals;
    assertThat(CgroupAccess.of(layout("/own"), "a/b", isOwn).hierarchies()).hasSize(1);
    assertThat(CgroupAccess.of(layout("/own"), "/a/b", isOwn).hierarchies()).isEmpty();
  }

  @Test
  void whatIsClosedStaysWhereItsCreatorIs() {
    CgroupLayout found =
        of(layout("/"), "web").below(Map.of(writable.toString(), "/", NOT_WRITABLE, "/elsewhere"));
    assertThat(found.closed()).extracting(Hierarchy::ownPath).containsExactly("/elsewhere");
    assertThat(found.hierarchies()).hasSize(1);
  }
}
