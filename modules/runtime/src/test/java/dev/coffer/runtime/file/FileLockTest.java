package dev.coffer.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockTest {
  @TempDir Path directory;

  @Test
  void aLockExcludesUntilItIsClosed() throws Exception {
    Path file = directory.resolve("lock");
    try (FileLock held = FileLock.tryExclusive(file).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThat(FileLock.tryExclusive(file)).isEqualTo(Optional.empty());
    }
    FileLock.tryExclusive(file).orElseThrow().close();
  }
}
