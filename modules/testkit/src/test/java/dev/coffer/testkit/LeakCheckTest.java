package dev.coffer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakCheckTest {
  @TempDir Path directory;

  @Test
  void whatIsAddedIsNamed() throws Exception {
    Files.createFile(directory.resolve("old"));
    LeakCheck check = LeakCheck.begin(LeakCheck.Scope.CHILDREN, directory);
    check.assertNothingLeft();
    Path left = Files.createFile(directory.resolve("new"));
    assertThat(check.added()).contains("file " + left);
  }
}
