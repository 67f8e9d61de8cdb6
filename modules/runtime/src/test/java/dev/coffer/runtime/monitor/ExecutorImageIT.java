package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorImageIT {
  @TempDir private Path directory;

  @Test
  void aViewRunsAndCannotBeWrittenThrough() throws IOException, InterruptedException {
    Path binary = Files.copy(Path.of("/bin/true"), directory.resolve("binary"));
    assertThat(binary.toFile().setExecutable(true)).isTrue();
    try (ExecutorImage view = ExecutorImage.view(binary)) {
      assertThat(new ProcessBuilder(view.path()).start().waitFor()).isZero();
      assertThat(Files.isWritable(binary)).isTrue();
      assertThatThrownBy(
              () -> Files.newByteChannel(Path.of(view.path()), StandardOpenOption.WRITE).close())
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only file system");
    }
  }
}
