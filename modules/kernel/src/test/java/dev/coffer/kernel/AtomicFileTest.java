package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void aFileIsReplacedAndNothingElseStays() throws Exception {
    Path file = directory.resolve("state.json");
    AtomicFile.write(file, "one".getBytes(StandardCharsets.UTF_8), false);
    AtomicFile.write(file, "two".getBytes(StandardCharsets.UTF_8), true);
    assertThat(file).hasContent("two");
    assertThat(directory.toFile().list()).containsExactly("state.json");
  }

  @Test
  void whatIsInTheWayIsNotWrittenTo() throws Exception {
    Path others = Files.writeString(directory.resolve("others"), "theirs");
    Path way = Files.createSymbolicLink(directory.resolve("state.json.tmp"), others);
    AtomicFile.write(directory.resolve("state.json"), new byte[] {'x'}, 0644, false);
    assertThat(directory.resolve("state.json")).hasContent("x");
    assertThat(others).hasContent("theirs");
    assertThat(way).doesNotExist();
  }

  @Test
  void whatCannotBeReplacedLeavesNothingBehind() throws Exception {
    Path file = directory.resolve("taken");
    Files.createDirectory(file);
    assertThatThrownBy(() -> AtomicFile.write(file, new byte[1], false))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("EISDIR");
    assertThat(directory.toFile().list()).containsExactly("taken");
  }
}
