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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories stand for hierarchies. */
class FreezersTest {
  @TempDir Path freezer;
  @TempDir Path unified;

  @Test
  void version1HasTheFirstWord() throws IOException {
    write(freezer.resolve("web/freezer.state"), "THAWED\n");
    write(unified.resolve("web/cgroup.events"), "populated 1\nfrozen 1\n");
    assertThat(isFrozen("/web", "/", "/")).isFalse();
    write(freezer.resolve("web/freezer.state"), "FREEZING\n");
    assertThat(isFrozen("/web", "/", "/")).isFalse();
    write(freezer.resolve("web/freezer.state"), "FROZEN\n");
    assertThat(isFrozen("/web", "/", "/")).isTrue();
  }

  @Test
  void version2TellsOfWhatHasNoFreezer() throws IOException {
    write(unified.resolve("web/cgroup.events"), "populated 1\nfrozen 1\n");
    assertThat(isFrozen("/web", "/", "/")).isTrue();
    write(unified.resolve("web/cgroup.events"), "populated 1\nfrozen 0\n");
    assertThat(isFrozen("/web", "/", "/")).isFalse();
  }

  @Test
  void aRelativePathBeginsWhereItsCreatorWas() throws IOException {
    write(freezer.resolve("shell/web/freezer.state"), "FROZEN\n");
    assertThat(isFrozen("web", "/shell", "/")).isTrue();
    assertThat(isFrozen("web", "/", "/")).isFalse();
  }

  @Test
  void aHierarchyThatAContainerIsNotInIsNotAsked() throws IOException {
    write(freezer.resolve("web/freezer.state"), "FROZEN\n");
    try (Freezers freezers = Freezers.of(layout(freezer))) {
      assertThat(freezers.isFrozen("/web", Map.of(unified.toString(), "/"))).isFalse();
    }
  }

  @Test
  void whatIsNotMountedHoldsNothing() throws IOException {
    write(unified.resolve("web/cgroup.events"), "frozen 1\n");
    Path gone = freezer.resolve("gone");
    try (Freezers freezers = Freezers.of(layout(gone))) {
      assertThat(freezers.isFrozen("/web", Map.of(gone.toString(), "/", unified.toString(), "/")))
          .isTrue();
    }
  }

  private boolean isFrozen(String path, String inFreezer, String inUnified) throws IOException {
    try (Freezers freezers = Freezers.of(layout(freezer))) {
      return freezers.isFrozen(
          path, Map.of(freezer.toString(), inFreezer, unified.toString(), inUnified));
    }
  }

  private CgroupLayout layout(Path version1) {
    return new CgroupLayout(
        Mode.HYBRID,
        List.of(
            new Hierarchy(2, unified.toString(), List.of(), "/"),
            new Hierarchy(1, version1.toString(), List.of("freezer"), "/")));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
