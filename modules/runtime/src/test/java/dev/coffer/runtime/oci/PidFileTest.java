package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir private Path directory;

  @Test
  void hasThePidAloneAndIsForEverybodyToRead() throws Exception {
    Path file = Files.writeString(directory.resolve("pid"), "earlier");
    Path other = Files.createFile(directory.resolve("other"));
    PidFile.write(file, 42);
    assertThat(file).hasContent("42");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("pid", "other");
  }

  @Test
  void whatIsInTheWayIsNotWrittenTo() throws Exception {
    Path precious = Files.writeString(directory.resolve("precious"), "kept");
    Path way = directory.resolve("pid.tmp");
    Files.createLink(way, precious);
    PidFile.write(directory.resolve("pid"), 42);
    Files.createSymbolicLink(way, precious);
    PidFile.write(directory.resolve("pid"), 43);
    assertThat(precious).hasContent("kept");
    assertThat(directory.resolve("pid")).hasContent("43");
  }

  @Test
  void aMissingDirectoryIsNamed() {
    Path file = directory.resolve("none").resolve("pid");
    assertThatThrownBy(() -> PidFile.write(file, 42))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write pid file \"" + file + "\": ");
  }
}
