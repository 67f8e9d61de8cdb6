package dev.coffer.engine.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {

  @TempDir Path directory;
  private Path from;
  private Path to;

  @BeforeEach
  void make() throws IOException {
    from = Files.createDirectory(directory.resolve("from"));
    to = Files.createDirectory(directory.resolve("to"));
  }

  @Test
  void treesAreCopiedWithTheirLinks() throws IOException {
    Files.createDirectories(from.resolve("a/b"));
    Files.writeString(from.resolve("a/b/file"), "text");
    Files.createSymbolicLink(from.resolve("a/link"), Path.of("/etc/passwd"));
    copy();
    assertThat(to.resolve("a/b/file")).hasContent("text");
    assertThat(Files.readSymbolicLink(to.resolve("a/link"))).isEqualTo(Path.of("/etc/passwd"));
  }

  @Test
  @Timeout(20)
  void aFileOfHolesTakesNoMoreThanItsData() throws IOException {
    long size = 8L << 40;
    sparse("ends", size, 0, size - 4);
    sparse("empty", size);
    sparse("middle", 1 << 20, 1 << 19);
    copy();
    assertThat(Files.size(to.resolve("ends"))).isEqualTo(size);
    assertThat(Files.size(to.resolve("empty"))).isEqualTo(size);
    assertThat(Files.size(to.resolve("middle"))).isEqualTo(1 << 20);
    assertData("ends", 0, size - 4);
    assertData("middle", 1 << 19);
  }

  private void sparse(String name, long size, long... places) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(from.resolve(name).toFile(), "rw")) {
      file.setLength(size);
      for (long place : places) {
        file.seek(place);
        file.writeInt(0x01020304);
      }
    }
  }

  private void assertData(String name, long... places) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(to.resolve(name).toFile(), "r")) {
      for (long place : places) {
        file.seek(place);
        assertThat(file.readInt()).isEqualTo(0x01020304);
      }
    }
  }

  private void copy() throws IOException {
    int flags = OpenFlags.RDONLY | OpenFlags.DIRECTORY;
    try (Fd source = FileOpen.path(from.toString(), flags);
        Fd target = FileOpen.path(to.toString(), flags)) {
      TreeCopy.copy(source, target);
    }
  }
}
