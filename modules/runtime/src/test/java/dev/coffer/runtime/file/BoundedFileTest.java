package dev.coffer.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedFileTest {
  @TempDir private Path directory;

  @Test
  void readsWhatFits() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "0123456789");
    assertThat(BoundedFile.read(file, 10)).asString().isEqualTo("0123456789");
    assertThatThrownBy(() -> BoundedFile.read(file, 9))
        .hasMessage("\"" + file + "\" is larger than 9 bytes");
  }

  @Test
  void refusesWhatCouldNeverEnd() throws IOException {
    Path zeroes = Files.createSymbolicLink(directory.resolve("zeroes"), Path.of("/dev/zero"));
    for (Path file : new Path[] {zeroes, directory}) {
      assertThatThrownBy(() -> BoundedFile.read(file, 10))
          .hasMessage("\"" + file + "\" is no regular file");
    }
  }

  @Test
  void readsTheEndAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "0123456789");
    assertThat(BoundedFile.readEnd(file, 3)).asString().isEqualTo("789");
    assertThat(BoundedFile.readEnd(file, 30)).asString().isEqualTo("0123456789");
  }
}
