package dev.coffer.image.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
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
  void hardLinksStayLinksAndTimesAreKept() throws IOException {
    Path first = Files.createDirectories(from.resolve("a/b")).resolve("first");
    Files.writeString(first, "text");
    Files.createLink(from.resolve("second"), first);
    Files.writeString(from.resolve("alone"), "text");
    Instant then = Instant.parse("2001-02-03T04:05:06.789012345Z");
    Files.setLastModifiedTime(first, FileTime.from(then));
    Files.setLastModifiedTime(from.resolve("a"), FileTime.from(then));
    Files.setPosixFilePermissions(
        from.resolve("a/b"), PosixFilePermissions.fromString("rwxr-x--x"));
    copy();
    assertThat(Files.isSameFile(to.resolve("a/b/first"), to.resolve("second"))).isTrue();
    assertThat(Files.isSameFile(to.resolve("a/b/first"), to.resolve("alone"))).isFalse();
    assertThat(Files.isSameFile(to.resolve("a/b/first"), first)).isFalse();
    assertThat(Files.getLastModifiedTime(to.resolve("second")).toInstant()).isEqualTo(then);
    assertThat(Files.getLastModifiedTime(to.resolve("a")).toInstant()).isEqualTo(then);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("a/b"))))
        .isEqualTo("rwxr-x--x");
  }

  @Test
  void namesThatAreTooLongForOnePathAreLinked() throws IOException {
    Path deep = from;
    String name = "n".repeat(200);
    for (int i = 0; i < 15; i++) {
      deep = Files.createDirectory(deep.resolve(name));
    }
    Files.writeString(deep.resolve("file"), "text");
    Files.createLink(from.resolve("zzz"), deep.resolve("file"));
    copy();
    assertThat(Files.getAttribute(to.resolve("zzz"), "unix:nlink")).isEqualTo(2);
  }

  @Test
  void layersAreMergedAndTheirMarksAreGone() throws IOException {
    Path upper = Files.createDirectory(directory.resolve("upper"));
    Files.createDirectories(from.resolve("etc"));
    Files.writeString(from.resolve("etc/group"), "lower");
    Files.writeString(from.resolve("gone"), "x");
    Files.createDirectories(from.resolve("full/sub"));
    Files.createDirectories(upper.resolve("full"));
    Files.createDirectories(upper.resolve("etc"));
    Files.writeString(upper.resolve("etc/group"), "upper");
    OverlayMarks marks = new OverlayMarks("user.overlay.");
    try (Fd top = open(upper);
        Fd full = open(upper.resolve("full"));
        Fd target = open(to)) {
      FileTree.makeNode(top, "gone", FileType.CHARACTER_DEVICE.bits(), 0);
      ExtendedAttributes.set(full, "user.overlay.opaque", new byte[] {'y'});
      ExtendedAttributes.set(full, "user.kept", new byte[] {1});
      TreeCopy.merge(List.of(upper, from), marks, target);
    }
    assertThat(to.resolve("etc/group")).hasContent("upper");
    assertThat(to.toFile().list()).containsExactlyInAnyOrder("etc", "full");
    assertThat(to.resolve("full")).isEmptyDirectory();
    try (Fd full = open(to.resolve("full"))) {
      assertThat(ExtendedAttributes.list(full)).containsExactly("user.kept");
    }
  }

  private static Fd open(Path place) throws IOException {
    return FileOpen.path(place.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
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
    try (Fd source = open(from);
        Fd target = open(to)) {
      TreeCopy.copy(source, target);
    }
  }
}
