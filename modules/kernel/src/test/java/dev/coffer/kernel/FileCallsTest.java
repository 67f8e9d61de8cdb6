package dev.coffer.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
  private static final int CREATE = OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.EXCL;

  @TempDir Path temporary;
  private Fd directory;

  @BeforeEach
  void open() throws Exception {
    directory = FileOpen.path(temporary.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
  }

  @AfterEach
  void close() {
    directory.close();
  }

  @Test
  void aFailureNamesCallArgumentsAndErrno() {
    assertThatThrownBy(() -> FileOpen.at(directory, "nowhere", OpenFlags.RDONLY, 0))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue())
        .hasMessage("openat(%s, \"nowhere\"): ENOENT: no such file or directory", directory);
  }

  @Test
  void aLinkOutOfTheTreeIsConfinedByInRoot() throws Exception {
    FileTree.makeSymbolicLink("/etc/passwd", directory, "link");
    assertThatThrownBy(() -> FileOpen.in(directory, "link", OpenFlags.RDONLY, 0, Resolve.IN_ROOT))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.ENOENT)).isTrue());
    assertThatThrownBy(() -> FileOpen.in(directory, "link", OpenFlags.RDONLY, 0, Resolve.BENEATH))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(Errno.EXDEV)).isTrue());
    assertThat(FileTree.readSymbolicLink(directory, "link")).isEqualTo("/etc/passwd");
  }

  @Test
  void aLinkIsReadWholeHoweverLong(@TempDir Path temporary) throws Exception {
    for (int length : List.of(1, 255, 256, 257, 4095)) {
      String target = "x".repeat(length);
      Path link = Files.createSymbolicLink(temporary.resolve("link-" + length), Path.of(target));
      assertThat(FileTree.readSymbolicLink(Fd.CWD, link.toString())).isEqualTo(target);
    }
  }

  @Test
  void aFileIsReadWholeWhateverTheKernelGivesAtOnce(@TempDir Path temporary) throws Exception {
    for (int length : List.of(0, 1, 4095, 4096, 4097, 10_000)) {
      String text = "\u00e4" + "y".repeat(length);
      Path file = Files.writeString(temporary.resolve("file"), text);
      assertThat(ProcFile.read(file.toString())).isEqualTo(text);
      assertThat(ProcFile.readRecord(Fd.CWD, file.toString())).hasValue(text);
    }
  }

  @Test
  void whatIsGoneHasNoRecord() throws Exception {
    assertThat(ProcFile.readRecord(directory, "nowhere")).isEmpty();
    Process ended = new ProcessBuilder("cat").start();
    try (Fd status = FileOpen.path("/proc/" + ended.pid() + "/stat", OpenFlags.PATH)) {
      ended.getOutputStream().close();
      assertThat(ended.waitFor()).isZero();
      assertThat(ProcFile.readRecord(Fd.CWD, status.procPath())).isEmpty();
    }
    assertThatThrownBy(() -> ProcFile.readRecord(Fd.CWD, temporary.toString()))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.EISDIR)).isTrue());
  }

  @Test
  void aNameMayBeAsLongAsTheKernelTakes() throws Exception {
    Files.createFile(temporary.resolve("file"));
    String longest = "./".repeat(2045) + "/file";
    assertThat(longest).hasSize(4095);
    assertThat(FileStat.at(directory, longest).type()).isEqualTo(FileType.REGULAR);
    for (int more : List.of(1, 2, 10_000)) {
      assertThatThrownBy(() -> FileStat.at(directory, "/".repeat(more) + longest))
          .isInstanceOfSatisfying(
              KernelException.class, e -> assertThat(e.is(Errno.ENAMETOOLONG)).isTrue());
    }
    assertThatThrownBy(() -> FileStat.at(directory, "fi\0le"))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.EINVAL)).isTrue());
  }

  @Test
  void aShortNameEndsWhereItEndsAfterALongOne() throws Exception {
    Files.createFile(temporary.resolve("a"));
    Files.createFile(temporary.resolve("a-longer-name"));
    assertThat(FileStat.find(directory, "a-longer-name")).isPresent();
    assertThat(FileStat.at(directory, "a").isSameFile(FileStat.at(directory, "a-longer-name")))
        .isFalse();
  }

  @Test
  void whatIsNotThereIsNoFailureToThoseWhoAsk() throws Exception {
    FileTree.makeSymbolicLink("nowhere", directory, "link");
    Files.createFile(temporary.resolve("file"));
    assertThat(FileStat.find(directory, "nowhere")).isEmpty();
    assertThat(FileStat.find(directory, "link")).isPresent();
    assertThat(FileTree.isAbsent(directory, "nowhere")).isTrue();
    assertThat(FileTree.isAbsent(directory, "link")).isTrue();
    assertThat(FileTree.isAbsent(directory, "file")).isFalse();
    assertThat(FileTree.isAbsent(directory, "file/below")).as("not known").isFalse();
  }

  @Test
  void everyThreadHasItsOwnErrno() throws Exception {
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 5_000; i++) {
                assertErrno("/nowhere", Errno.ENOENT);
              }
            });
    for (int i = 0; i < 5_000; i++) {
      assertErrno("/dev/null/below", Errno.ENOTDIR);
    }
    other.join();
  }

  private static void assertErrno(String path, Errno errno) {
    assertThatThrownBy(() -> FileStat.at(Fd.CWD, path))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.is(errno)).isTrue());
  }

  @Test
  void aReplacementCharacterOfItsOwnIsNoBrokenName() throws Exception {
    byte[] raw = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd, 'a', (byte) 0xff};
    assertThat(NativeText.decode(raw)).isEqualTo("\uFFFDa\uDCFF");
    assertThat(NativeText.encode(NativeText.decode(raw))).isEqualTo(raw);
  }

  @Test
  void ext4IsToldThatTheTreesOfADirectoryAreStrangers() throws Exception {
    boolean taken = FileAttributes.spreadSubdirectories(directory);
    if (Files.getFileStore(temporary).type().equals("ext4")) {
      assertThat(taken).isTrue();
    }
    assertThat(FileAttributes.spreadSubdirectories(directory)).isEqualTo(taken);
    FileTree.makeDirectory(directory, "tree", 0755);
    assertThat(Files.isDirectory(temporary.resolve("tree"))).isTrue();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
    try (Fd file = FileOpen.at(directory, "file", CREATE, 0x180)) {
      FileData.writeAll(file, bytes);
      assertThat(FileData.seek(file, 0, 0)).isZero();
      byte[] read = new byte[100];
      assertThat(FileData.read(file, read, 1, 99)).isEqualTo(5);
      assertThat(read).startsWith(0, 'h', 'e', 'l', 'l', 'o', 0);
      FileData.truncate(file, 1L << 33);
      Stat stat = FileStat.of(file);
      assertThat(stat.size()).isEqualTo(1L << 33);
      assertThat(stat.blocks()).isLessThan(100);
    }
  }

  @Test
  void attributesGoToTheInode() throws Exception {
    Instant time = Instant.ofEpochSecond(-5, 123456000);
    try (Fd file = FileOpen.at(directory, "file", CREATE, 0x180)) {
      FileAttributes.changeMode(file, 0x1ed);
      FileAttributes.changeTimes(file, null, time);
      FileAttributes.changeOwner(file, -1, -1);
      Stat stat = FileStat.at(directory, "file");
      assertThat(stat.permissions()).isEqualTo(0x1ed);
      assertThat(stat.type()).isEqualTo(FileType.REGULAR);
      assertThat(stat.modified()).isEqualTo(time);
      assertThat(stat).isEqualTo(FileStat.of(file));
    }
    try (Fd path = FileOpen.at(directory, "file", OpenFlags.PATH, 0)) {
      FileAttributes.changeModeOfPath(path, 0x100);
      assertThat(FileStat.of(path).permissions()).isEqualTo(0x100);
    }
  }

  @Test
  void extendedAttributesWorkThroughAPathDescriptor() throws Exception {
    FileTree.makeDirectory(directory, "sub", 0x1c0);
    try (Fd path = FileOpen.at(directory, "sub", OpenFlags.PATH, 0)) {
      assertThat(ExtendedAttributes.get(path, "user.coffer")).isEmpty();
      ExtendedAttributes.set(path, "user.coffer", new byte[] {1, 0, 2});
      assertThat(ExtendedAttributes.get(path, "user.coffer")).hasValue(new byte[] {1, 0, 2});
      assertThat(ExtendedAttributes.list(path)).contains("user.coffer");
    }
  }

  @Test
  void namesThatAreNoUtf8SurviveARoundTrip() throws Exception {
    byte[] raw = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa4, (byte) 0xe2, (byte) 0x82, 'z'};
    String name = NativeText.decode(raw);
    assertThat(NativeText.encode(name)).isEqualTo(raw);
    FileTree.makeDirectory(directory, name, 0x1c0);
    assertThat(Directory.list(directory))
        .extracting(DirectoryEntry::name, DirectoryEntry::type)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(name, FileType.DIRECTORY));
    assertThat(NativeText.encode("x\uD83D\uDC80y"))
        .isEqualTo("x\uD83D\uDC80y".getBytes(StandardCharsets.UTF_8));
    FileTree.removeDirectory(directory, name);
  }

  @Test
  void anUnnamedFileGetsItsNameAtTheEnd() throws Exception {
    try (Fd file = FileOpen.at(directory, ".", OpenFlags.TMPFILE | OpenFlags.WRONLY, 0x180)) {
      FileData.writeAll(file, new byte[70000]);
      FileTree.link(file, directory, "whole");
    }
    assertThat(Files.size(temporary.resolve("whole"))).isEqualTo(70000);
    assertThatThrownBy(() -> FileTree.renameNew(directory, "whole", directory, "whole"))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.is(Errno.EEXIST)).isTrue());
  }

  @Test
  void aClosedDescriptorIsNotUsedAgain() throws Exception {
    Fd copy = directory.duplicate();
    copy.close();
    copy.close();
    assertThatThrownBy(copy::number).isInstanceOf(IllegalStateException.class);
    assertThat(directory.isOpen()).isTrue();
  }

  @Test
  void deviceNumbersPackAsMakedevDoes() {
    assertThat(Device.of(1, 3)).isEqualTo(0x103);
    long large = Device.of(0xabcde, 0x12345678);
    assertThat(Device.major(large)).isEqualTo(0xabcde);
    assertThat(Device.minor(large)).isEqualTo(0x12345678);
  }
}
