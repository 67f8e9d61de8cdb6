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

  /** Opened as usual, a fifo would be waited for, and a link could lead to a secret. */
  @Test
  void readsNothingElseInThePlaceOfAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "0123456789");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    assertThat(BoundedFile.readNoLink(file, 10).orElseThrow()).asString().isEqualTo("0123456789");
    assertThat(BoundedFile.readNoLink(directory.resolve("none"), 10)).isEmpty();
    assertThatThrownBy(() -> BoundedFile.readNoLink(file, 9))
        .hasMessage("\"" + file + "\" is larger than 9 bytes");
    for (Path other : new Path[] {link, fifo, directory}) {
      assertThatThrownBy(() -> BoundedFile.readNoLink(other, 10))
          .hasMessage("\"" + other + "\" is no regular file");
    }
  }

  @Test
  void readsTheEndAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "0123456789");
    assertThat(BoundedFile.readEnd(file, 3)).asString().isEqualTo("789");
    assertThat(BoundedFile.readEnd(file, 30)).asString().isEqualTo("0123456789");
  }
}
