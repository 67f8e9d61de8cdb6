package dev.coffer.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.layer.TreeRemoval;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.kernel.Stat;
import dev.coffer.testkit.powercut.TreeText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Snapshotter} does, tried as root on real mounts. A subclass makes one. */
abstract class SnapshotterContract {
  private static final String IMAGE = "sha256:" + "ab".repeat(32);
  private static final String OTHER = "sha256:" + "cd".repeat(32);
  private static final Instant OLD = Instant.parse("2001-02-03T04:05:06.789012345Z");
  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  /** A capability set of version 2: effective, permitted cap_net_raw (linux/capability.h). */
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir Path directory;
  private Path lowest;
  private Path topmost;
  private List<Path> layers;
  private Snapshotter snapshotter;
  private final AtomicInteger furnished = new AtomicInteger();

  abstract Snapshotter open(Path place, Furnishing furnishing);

  @BeforeEach
  void makeLayers() throws IOException {
    lowest = Files.createDirectory(directory.resolve("lowest"));
    topmost = Files.createDirectory(directory.resolve("topmost"));
    layers = List.of(topmost, lowest);
    write(lowest.resolve("etc/passwd"), "root");
    write(lowest.resolve("etc/group"), "lower");
    write(lowest.resolve("gone"), "x");
    write(lowest.resolve("full/hidden"), "x");
    write(lowest.resolve("usr/bin/sh"), "sh");
    write(topmost.resolve("etc/group"), "upper");
    write(topmost.resolve("full/shown"), "y");
    try (Fd top = at(topmost);
        Fd full = at(topmost.resolve("full"))) {
      FileTree.makeNode(top, "gone", FileType.CHARACTER_DEVICE.bits(), 0);
      ExtendedAttributes.set(full, "trusted.overlay.opaque", new byte[] {'y'});
    }
    snapshotter = open(Files.createDirectory(directory.resolve("bases")), this::furnish);
  }

  private void furnish(Fd root) throws IOException {
    furnished.incrementAndGet();
    FileTree.makeDirectory(root, "proc", 0755);
  }

  @Test
  void layersShowAsOneTree() throws IOException {
    Path container = prepared("one");
    try (Fd root = mount(container)) {
      assertThat(names(root, ".")).containsExactly("etc", "full", "proc", "usr");
      assertThat(names(root, "full")).containsExactly("shown");
      assertThat(ProcFile.read(root, "etc/group")).isEqualTo("upper");
      assertThat(ProcFile.read(root, "etc/passwd")).isEqualTo("root");
    }
  }

  @Test
  void allThatIsKnownOfFilesIsKept() throws IOException {
    Path tool = lowest.resolve("tool");
    write(tool, "#!");
    Files.createLink(lowest.resolve("usr/same"), tool);
    Files.createSymbolicLink(lowest.resolve("link"), Path.of("../../etc/passwd"));
    try (RandomAccessFile sparse = new RandomAccessFile(lowest.resolve("sparse").toFile(), "rw")) {
      sparse.seek(1L << 32);
      sparse.write(1);
    }
    try (Fd low = at(lowest);
        Fd file = FileOpen.path(tool.toString(), OpenFlags.RDONLY);
        Fd usr = at(lowest.resolve("usr"))) {
      FileTree.makeNode(low, "pipe", FileType.FIFO.bits() | 0600, 0);
      FileTree.makeNode(low, "zero", FileType.CHARACTER_DEVICE.bits() | 0600, 0x105);
      FileAttributes.changeOwner(low, "link", 12, 34);
      FileAttributes.changeTimes(low, "link", OLD, OLD);
      FileAttributes.changeOwner(file, 123, 70000);
      FileAttributes.changeMode(file, 06751);
      ExtendedAttributes.set(file, "security.capability", CAPABILITY);
      ExtendedAttributes.set(file, "user.note", new byte[] {0, 1});
      FileAttributes.changeTimes(file, OLD, OLD);
      FileAttributes.changeTimes(usr, OLD, OLD);
    }
    Path container = prepared("one");
    try (Fd root = mount(container);
        Fd file = FileOpen.at(root, "tool", OpenFlags.PATH, 0)) {
      Stat stat = FileStat.of(file);
      assertThat(stat.permissions()).isEqualTo(06751);
      assertThat(List.of(stat.uid(), stat.gid(), stat.links())).containsExactly(123, 70000, 2);
      assertThat(stat.modified()).isEqualTo(OLD);
      assertThat(FileStat.at(root, "usr/same").isSameFile(stat)).isTrue();
      assertThat(ExtendedAttributes.get(file, "security.capability")).contains(CAPABILITY);
      assertThat(ExtendedAttributes.get(file, "user.note")).contains(new byte[] {0, 1});
      assertThat(FileStat.at(root, "usr").modified()).isEqualTo(OLD);
      Stat link = FileStat.at(root, "link");
      assertThat(FileTree.readSymbolicLink(root, "link")).isEqualTo("../../etc/passwd");
      assertThat(List.of(link.uid(), link.gid())).containsExactly(12, 34);
      assertThat(link.modified()).isEqualTo(OLD);
      assertThat(FileStat.at(root, "pipe").type()).isEqualTo(FileType.FIFO);
      assertThat(FileStat.at(root, "zero").represented()).isEqualTo(0x105);
      Stat sparse = FileStat.at(root, "sparse");
      assertThat(sparse.size()).isEqualTo((1L << 32) + 1);
      assertThat(sparse.blocks()).isLessThan(1024);
    }
  }

  @Test
  void theRootIsAsTheImageHasIt() throws IOException {
    try (Fd root = at(topmost)) {
      FileAttributes.changeOwner(root, 5, 6);
      FileAttributes.changeMode(root, 01777);
    }
    try (Fd root = mount(prepared("one"))) {
      Stat stat = FileStat.of(root);
      assertThat(stat.permissions()).isEqualTo(01777);
      assertThat(List.of(stat.uid(), stat.gid())).containsExactly(5, 6);
    }
  }

  @Test
  void whatOneWritesNobodyElseSees() throws IOException {
    List<String> before = imageFiles();
    Path one = prepared("one");
    Path other = prepared("other");
    try (Fd root = mount(one);
        Fd beside = mount(other)) {
      append(root, "etc/passwd");
      FileTree.remove(root, "usr/bin/sh");
      FileTree.makeDirectory(root, "new", 0755);
      assertThat(ProcFile.read(beside, "etc/passwd")).isEqualTo("root");
      assertThat(names(beside, ".")).doesNotContain("new");
      assertThat(names(beside, "usr/bin")).containsExactly("sh");
    }
    assertThat(changes(other)).isEmpty();
    try (Fd root = mount(prepared("third"))) {
      assertThat(ProcFile.read(root, "etc/passwd")).isEqualTo("root");
    }
    assertThat(imageFiles()).isEqualTo(before);
  }

  @Test
  void changesAreTold() throws IOException {
    write(lowest.resolve("etc/mode"), "x");
    write(lowest.resolve("etc/note"), "x");
    write(lowest.resolve("dir/a"), "x");
    Path container = prepared("one");
    assertThat(changes(container)).isEmpty();
    assertThat(layer(container)).isZero();
    try (Fd root = mount(container)) {
      append(root, "etc/passwd");
      create(root, "etc/new");
      FileAttributes.changeMode(root, "etc/mode", 0400);
      try (Fd file = FileOpen.at(root, "etc/note", OpenFlags.RDONLY, 0)) {
        ExtendedAttributes.set(file, "user.x", new byte[] {1});
      }
      FileTree.remove(root, "usr/bin/sh");
      FileTree.remove(root, "dir/a");
      FileTree.removeDirectory(root, "dir");
      create(root, "dir");
      FileTree.makeDirectory(root, "made", 0700);
      create(root, "made/in");
    }
    assertThat(changes(container))
        .containsExactly(
            "MODIFIED /dir",
            "MODIFIED /etc",
            "MODIFIED /etc/mode",
            "ADDED /etc/new",
            "MODIFIED /etc/note",
            "MODIFIED /etc/passwd",
            "ADDED /made",
            "ADDED /made/in",
            "MODIFIED /usr",
            "MODIFIED /usr/bin",
            "DELETED /usr/bin/sh");
  }

  @Test
  void anotherContentUnderTheSameTimesIsInTheLayer() throws IOException {
    Path container = prepared("one");
    try (Fd root = mount(container);
        Fd file = FileOpen.at(root, "etc/passwd", OpenFlags.RDWR, 0)) {
      FileData.writeAll(file, new byte[] {'R', 'O', 'O', 'T'});
      FileAttributes.changeTimes(file, OLD, OLD);
    }
    // The directory and the file.
    assertThat(layer(container)).isEqualTo(2);
  }

  @Test
  void itStaysFromOneMountToTheNext() throws IOException {
    for (boolean ephemeral : new boolean[] {false, true}) {
      Path container = Files.createDirectory(directory.resolve("stays-" + ephemeral));
      snapshotter.prepare(container, base(), ephemeral);
      assertThat(snapshotter.wasMounted(container)).isFalse();
      for (int i = 0; i < 3; i++) {
        try (Fd root = snapshotter.mount(container, base(), ephemeral)) {
          assertThat(names(root, ".").stream().filter(name -> name.startsWith("run")).count())
              .isEqualTo(i);
          create(root, "run" + i);
        }
      }
      assertThat(snapshotter.wasMounted(container) || !ephemeral).isTrue();
    }
  }

  @Test
  void whatMayHaveChangedIsSaid() throws IOException {
    Path container = prepared("one");
    try (Fd root = mount(container)) {
      append(root, "etc/passwd");
    }
    assertThat(snapshotter.mayHaveChanged(container, "etc")).isTrue();
    assertThat(snapshotter.files(container).resolve("etc/passwd")).hasContent("root+");
    assertThat(snapshotter.description(container, base()).values())
        .anyMatch(value -> value.contains(snapshotter.files(container).toString()));
  }

  @Test
  void aBaseIsFurnishedOnceAndThatIsNoChange() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<List<Path>>> calls = Collections.nCopies(8, this::base);
      for (Future<List<Path>> each : threads.invokeAll(calls)) {
        assertThat(each.get()).isEqualTo(base());
      }
    }
    assertThat(open(directory.resolve("bases"), this::furnish).base(IMAGE, layers))
        .isEqualTo(base());
    assertThat(furnished).hasValue(1);
    assertThat(changes(prepared("one"))).isEmpty();
  }

  @Test
  void aBaseThatCannotBeMadeIsMadeTheNextTime() throws IOException {
    AtomicInteger attempts = new AtomicInteger();
    Snapshotter failing =
        open(
            directory.resolve("bases"),
            root -> {
              furnish(root);
              if (attempts.getAndIncrement() == 0) {
                throw new IOException("no more");
              }
            });
    assertThatThrownBy(() -> failing.base(IMAGE, layers)).hasMessage("no more");
    assertThat(failing.unused(IMAGE::equals)).hasSize(1);
    List<Path> made = failing.base(IMAGE, layers);
    assertThat(made).allMatch(Files::isDirectory);
    assertThat(failing.unused(IMAGE::equals)).isEmpty();
  }

  @Test
  void basesOfImagesThatAreGoneAreUnused() throws IOException {
    List<Path> made = base();
    List<Path> other = snapshotter.base(OTHER, layers);
    assertThat(made).isNotEqualTo(other);
    assertThat(snapshotter.base("sha512:" + "ef".repeat(64), layers)).isNotEqualTo(other);
    assertThat(snapshotter.unused(id -> true)).isEmpty();
    assertThat(snapshotter.unused(id -> id.equals(IMAGE) || id.startsWith("sha512:ef")))
        .singleElement()
        .satisfies(unused -> assertThat(other.getFirst().startsWith(unused)).isTrue());
  }

  @Test
  void anImageCanBeLookedAt() throws IOException {
    try (Fd root = snapshotter.view(IMAGE, layers)) {
      assertThat(ProcFile.read(root, "etc/group")).isEqualTo("upper");
      assertThat(FileStat.at(root, "full/shown").type()).isEqualTo(FileType.REGULAR);
      assertThatThrownBy(() -> FileStat.at(root, "gone")).hasMessageContaining("no such file");
    }
    try (Fd root = snapshotter.view(OTHER, List.of(lowest))) {
      assertThat(ProcFile.read(root, "etc/group")).isEqualTo("lower");
    }
  }

  @Test
  void aMountOfAnImageIsReadOnlyAndOnNoTable() throws IOException {
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    for (List<Path> each : List.of(layers, List.of(lowest))) {
      String image = each.size() > 1 ? IMAGE : OTHER;
      try (Fd root = snapshotter.mountView(image, each)) {
        assertThat(ProcFile.read(root, "etc/passwd")).isEqualTo("root");
        assertThatThrownBy(() -> FileTree.makeDirectory(root, "new", 0755))
            .hasMessageContaining("read-only file system");
      }
    }
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
  }

  @Test
  void withItsDirectoryAllOfASnapshotIsGone() throws IOException {
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    Path trash = Files.createDirectory(directory.resolve("trash"));
    Path container = prepared("one");
    mount(container).close();
    Files.move(container, trash.resolve("one"));
    try (Fd content = at(trash)) {
      new TreeRemoval(content).empty();
    }
    assertThat(trash).isEmptyDirectory();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
  }

  private List<String> imageFiles() throws IOException {
    List<String> lines = new ArrayList<>(TreeText.of(lowest, true));
    lines.addAll(TreeText.of(topmost, true));
    return lines;
  }

  private List<Path> base() throws IOException {
    return snapshotter.base(IMAGE, layers);
  }

  private Path prepared(String name) throws IOException {
    Path container = Files.createDirectory(directory.resolve(name));
    snapshotter.prepare(container, base(), false);
    return container;
  }

  private Fd mount(Path container) throws IOException {
    return snapshotter.mount(container, base(), false);
  }

  private List<String> changes(Path container) throws IOException {
    return tree(container).changes().stream()
        .map(change -> change.kind() + " " + change.path())
        .toList();
  }

  private long layer(Path container) throws IOException {
    return tree(container).writeLayer(new ByteArrayOutputStream(), Optional.empty());
  }

  private ContainerTree tree(Path container) throws IOException {
    return snapshotter.tree(container, base());
  }

  private static List<String> names(Fd root, String path) throws IOException {
    try (Fd place = FileOpen.at(root, path, DIRECTORY, 0)) {
      return Directory.list(place).stream().map(DirectoryEntry::name).sorted().toList();
    }
  }

  private static void append(Fd root, String path) throws IOException {
    try (Fd file = FileOpen.at(root, path, OpenFlags.RDWR, 0)) {
      FileData.seek(file, 0, 2);
      FileData.writeAll(file, new byte[] {'+'});
    }
  }

  private static void create(Fd root, String path) throws IOException {
    FileOpen.at(root, path, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL, 0644).close();
  }

  private static Fd at(Path place) throws IOException {
    return FileOpen.path(place.toString(), DIRECTORY);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(OLD));
  }
}
