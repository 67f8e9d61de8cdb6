package dev.coffer.image.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarReader;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.OpenFlags;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What layers on the disk mean, as overlayfs left them. */
class ContainerTreeTest {
  private static final OverlayMarks MARKS = new OverlayMarks("user.overlay.");
  private static final Instant OLD = Instant.ofEpochSecond(1000);

  @TempDir Path root;
  private Path upper;
  private Path middle;
  private Path lowest;
  private ContainerTree tree;

  @BeforeEach
  void makeLayers() throws IOException {
    upper = Files.createDirectory(root.resolve("upper"));
    middle = Files.createDirectory(root.resolve("middle"));
    lowest = Files.createDirectory(root.resolve("lowest"));
    tree = ContainerTree.ofLayer(upper, List.of(middle, lowest), MARKS, 20);
    write(lowest.resolve("etc/passwd"), "root");
    write(lowest.resolve("etc/group"), "root");
    write(lowest.resolve("usr/bin/sh"), "sh");
    write(lowest.resolve("old/gone"), "x");
    whiteOut(middle.resolve("old"));
    write(middle.resolve("etc/group"), "other");
  }

  @Test
  void nothingWrittenIsNothingChanged() throws IOException {
    assertThat(changes()).isEmpty();
    assertThat(layer()).isEmpty();
    assertThat(export())
        .containsExactly("etc/", "etc/group", "etc/passwd", "usr/", "usr/bin/", "usr/bin/sh");
  }

  @Test
  void writingRemovingAndReplacing() throws IOException {
    write(upper.resolve("etc/group"), "changed");
    write(upper.resolve("etc/new"), "n");
    write(upper.resolve("old"), "a file now");
    whiteOut(upper.resolve("usr"));
    assertThat(changes())
        .containsExactly("C /etc", "C /etc/group", "A /etc/new", "A /old", "D /usr");
    assertThat(layer()).containsExactly("etc/", "etc/group", "etc/new", "old", ".wh.usr");
    assertThat(export()).containsExactly("etc/", "etc/group", "etc/new", "etc/passwd", "old");
  }

  @Test
  void aCopyWithTheSameAttributesIsNoChangeButIsKept() throws IOException {
    write(upper.resolve("etc/passwd"), "ROOT");
    assertThat(changes()).isEmpty();
    assertThat(layer()).containsExactly("etc/", "etc/passwd");
  }

  @Test
  void anOpaqueDirectoryHidesWhatIsBelow() throws IOException {
    write(upper.resolve("etc/only"), "1");
    mark(upper.resolve("etc"), "opaque", "y");
    assertThat(changes()).containsExactly("C /etc", "D /etc/group", "A /etc/only", "D /etc/passwd");
    assertThat(layer()).containsExactly("etc/", "etc/.wh..wh..opq", "etc/only");
    assertThat(export()).containsExactly("etc/", "etc/only", "usr/", "usr/bin/", "usr/bin/sh");
  }

  @Test
  void aRenamedDirectoryIsWrittenWhole() throws IOException {
    Files.createDirectories(upper.resolve("opt/moved"));
    mark(upper.resolve("opt/moved"), "redirect", "/usr/bin");
    write(upper.resolve("opt/moved/more"), "1");
    write(upper.resolve("usr/x"), "1");
    whiteOut(upper.resolve("usr/bin"));
    assertThat(layer())
        .containsExactly(
            "opt/", "opt/moved/", "opt/moved/more", "opt/moved/sh", "usr/", "usr/.wh.bin", "usr/x");
    assertThat(export()).contains("opt/moved/sh").doesNotContain("usr/bin/");
  }

  @Test
  void aRedirectLeadsNowhereElse() throws IOException {
    Files.createDirectories(upper.resolve("moved"));
    for (String bad : List.of("/..", "/../upper", "..", "/etc/../../upper", "/", "/no/such")) {
      mark(upper.resolve("moved"), "redirect", bad);
      assertThat(layer()).as(bad).containsExactly("moved/");
    }
  }

  @Test
  void hardLinksStayLinksAndSocketsAreLeftOut() throws IOException {
    write(upper.resolve("a"), "1");
    Files.createLink(upper.resolve("b"), upper.resolve("a"));
    Files.createSymbolicLink(upper.resolve("c"), Path.of("/etc/passwd"));
    try (Fd directory = open(upper)) {
      FileTree.makeNode(directory, "socket", FileType.SOCKET.bits() | 0600, 0);
      FileTree.makeNode(directory, "fifo", FileType.FIFO.bits() | 0600, 0);
    }
    List<TarEntry> entries = entries(out -> tree.writeLayer(out, Optional.empty()));
    assertThat(entries).extracting(TarEntry::name).containsExactly("a", "b", "c", "fifo");
    assertThat(entries.get(1).link()).isEqualTo("a");
    assertThat(entries.get(2).link()).isEqualTo("/etc/passwd");
  }

  @Test
  void aHugeSparseFileIsWrittenAsOne() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(upper.resolve("big").toFile(), "rw")) {
      file.seek(1L << 34);
      file.write(1);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(tree.writeLayer(out, Optional.empty())).isEqualTo(1);
    assertThat(out.size()).isLessThan(1 << 20);
    assertThat(entries(each -> each.write(out.toByteArray())).getFirst().size())
        .isEqualTo((1L << 34) + 1);
  }

  @Test
  void equalTreesGiveEqualBytesOnceTimesAreClamped() throws IOException {
    write(upper.resolve("x"), "1");
    byte[] first = clamped();
    Files.setLastModifiedTime(upper.resolve("x"), FileTime.from(Instant.now()));
    assertThat(clamped()).isEqualTo(first);
  }

  @Test
  void namesThatWouldMeanARemovalAreRefusedInALayerOnly() throws IOException {
    write(upper.resolve("d/.wh.x"), "1");
    assertThatThrownBy(this::layer)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("\"/d/.wh.x\"");
    assertThat(export()).contains("d/.wh.x");
  }

  @Test
  void tooDeepATreeIsRefused() throws IOException {
    Files.createDirectories(upper.resolve("d/".repeat(30)));
    assertThatThrownBy(this::layer)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("deeper than 20");
  }

  private byte[] clamped() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long entries = tree.writeLayer(out, Optional.of(OLD));
    assertThat(entries).isEqualTo(1);
    return out.toByteArray();
  }

  private List<String> changes() throws IOException {
    return tree.changes().stream()
        .map(
            change -> change.kind().name().replace("MODIFIED", "C").charAt(0) + " " + change.path())
        .toList();
  }

  private List<String> layer() throws IOException {
    return entries(out -> tree.writeLayer(out, Optional.empty())).stream()
        .map(TarEntry::name)
        .toList();
  }

  private List<String> export() throws IOException {
    return entries(out -> tree.export(out, Optional.empty())).stream().map(TarEntry::name).toList();
  }

  private interface Archive {
    void writeTo(ByteArrayOutputStream out) throws IOException;
  }

  private static List<TarEntry> entries(Archive archive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    archive.writeTo(out);
    TarReader reader =
        new TarReader(new ByteArrayInputStream(out.toByteArray()), ArchiveLimits.DEFAULT);
    List<TarEntry> entries = new ArrayList<>();
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      entries.add(next.get());
    }
    return entries;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(OLD));
  }

  private static void whiteOut(Path place) throws IOException {
    Files.createDirectories(place.getParent());
    try (Fd directory = open(place.getParent())) {
      FileTree.makeNode(
          directory, place.getFileName().toString(), FileType.CHARACTER_DEVICE.bits(), 0);
    }
  }

  private static void mark(Path directory, String name, String value) throws IOException {
    try (Fd fd = open(directory)) {
      ExtendedAttributes.set(
          fd, MARKS.prefix() + name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static Fd open(Path directory) throws IOException {
    return FileOpen.path(directory.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
  }
}
