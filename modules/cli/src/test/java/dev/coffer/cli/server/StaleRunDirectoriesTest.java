package dev.coffer.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleRunDirectoriesTest {
  @TempDir Path base;

  private Path directory(String digit, Path root) throws IOException {
    Path directory = Files.createDirectories(base.resolve("r-" + digit.repeat(16)));
    Files.createDirectories(directory.resolve("m/web"));
    Files.createFile(directory.resolve("m/web/monitor.lock"));
    Files.createFile(directory.resolve("engine.lock"));
    Files.createFile(directory.resolve("start.lock"));
    Files.createFile(directory.resolve("engine.log"));
    StaleRunDirectories.note(directory, root);
    return directory;
  }

  private Path gone() {
    return base.resolve("gone");
  }

  @Test
  void whatIsLeftOfARootThatIsGoneIsRemoved() throws Exception {
    Path stale = directory("a", gone());
    Path own = directory("b", gone());
    StaleRunDirectories.sweep(own);
    assertThat(stale).doesNotExist();
    assertThat(own).exists();
    StaleRunDirectories.sweep(base);
    assertThat(own).as("seen from the default root's").doesNotExist();
  }

  @Test
  void whatSomebodyMayComeBackToStays() throws Exception {
    Path kept = directory("a", base);
    Path unknown = directory("b", gone());
    Files.delete(unknown.resolve("root"));
    Path torn = directory("c", gone());
    Files.writeString(torn.resolve("root"), "/torn");
    Path other = Files.createDirectories(base.resolve("r-something"));
    StaleRunDirectories.note(other, gone());
    StaleRunDirectories.sweep(base);
    assertThat(kept).exists();
    assertThat(unknown).exists();
    assertThat(torn).exists();
    assertThat(other).exists();
  }

  @Test
  void whatIsInUseStays() throws Exception {
    for (String lock : new String[] {"engine.lock", "start.lock", "m/web/monitor.lock"}) {
      Path used = directory("a", gone());
      try (Fd held = FileOpen.path(used.resolve(lock).toString(), OpenFlags.RDWR)) {
        assertThat(Flock.tryExclusive(held)).isTrue();
        StaleRunDirectories.sweep(base);
        assertThat(used.resolve("m/web")).as(lock).exists();
      }
      StaleRunDirectories.sweep(base);
      assertThat(used).as(lock + ", free again").doesNotExist();
    }
  }
}
