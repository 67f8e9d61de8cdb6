package dev.coffer.testkit.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.powercut.FileOperation.MakeDirectory;
import dev.coffer.testkit.powercut.FileOperation.MakeFile;
import dev.coffer.testkit.powercut.FileOperation.Mark;
import dev.coffer.testkit.powercut.FileOperation.Recorded;
import dev.coffer.testkit.powercut.FileOperation.Rename;
import dev.coffer.testkit.powercut.FileOperation.Sync;
import dev.coffer.testkit.powercut.FileOperation.SyncFileSystem;
import dev.coffer.testkit.powercut.FileOperation.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states that careless and careful programs leave: each known mistake shows. */
class PowerCutsTest {
  private static final PowerCuts.Sample SAMPLE = new PowerCuts.Sample(10, 10, 1, 1);
  private static final Write NEW = new Write("f.new", 0, "contents");

  @TempDir Path directory;

  @Test
  void aRenameBeforeItsBytesLeavesAnEmptyTornOrZeroedFile() throws IOException {
    assertThat(afterMark(new MakeFile("f.new", 0644), NEW, new Rename("f.new", "f")))
        .contains("", "f=", "f=cont", "f=" + "\0".repeat(8), "f.new=", "f=contents");
  }

  @Test
  void aRenameAfterItsBytesIsOldOrNew() throws IOException {
    assertThat(
            afterMark(
                new MakeFile("f.new", 0644), NEW, new Sync("f.new"), new Rename("f.new", "f")))
        .containsOnly("", "f.new=contents", "f=contents");
  }

  @Test
  void whatIsSyncedToItsNameStays() throws IOException {
    assertThat(
            afterMark(
                new MakeFile("f.new", 0644),
                NEW,
                new Sync("f.new"),
                new Rename("f.new", "f"),
                new Sync("")))
        .containsOnly("f=contents");
  }

  @Test
  void aNewDirectoryIsLostWithWhatIsSyncedInIt() throws IOException {
    assertThat(
            afterMark(
                new MakeDirectory("d", 0755),
                new MakeFile("d/f", 0644),
                new Sync("d/f"),
                new Sync("d")))
        .containsOnly("", "d, d/f=");
  }

  @Test
  void aFileSystemsSyncKeepsAll() throws IOException {
    assertThat(
            afterMark(
                new MakeDirectory("d", 0755),
                new MakeFile("d/f", 0644),
                new Rename("d/f", "g"),
                new SyncFileSystem()))
        .containsOnly("d, g=");
  }

  @Test
  void aSyncDoesNotCoverWhatEndedAfterItBegan() throws IOException {
    List<Recorded> log =
        List.of(
            new Recorded(1, 3, new MakeFile("f", 0644)),
            new Recorded(2, 4, new SyncFileSystem()),
            new Recorded(5, 5, new Mark("1")));
    assertThat(afterMark(log)).containsOnly("", "f=");
  }

  @Test
  void aCallInTwoPartsIsReadAsOne() throws IOException {
    Path log =
        log(
            "7 openat(AT_FDCWD<\\x2f>, \"%s\", O_WRONLY|O_CREAT, 0666) = 5<%1$s>"
                .formatted(hex("/r/f")),
            "7 write(5<%s>, \"\\x61\\x62\\x63\", 3 <unfinished ...>".formatted(hex("/r/f")),
            "8 mkdir(\"%s\", 0777) = 0".formatted(hex("/m/1")),
            "7 <... write resumed>) = 2",
            "7 +++ exited with 0 +++");
    assertThat(SystemCallLog.read(log, Path.of("/r"), Path.of("/m"), 022))
        .containsExactly(
            new Recorded(0, 0, new MakeFile("f", 0644)),
            new Recorded(2, 2, new Mark("1")),
            new Recorded(1, 3, new Write("f", 0, "ab")));
  }

  @Test
  void aCallWithoutAMeaningIsRefused() throws IOException {
    Path log = log("7 fallocate(5<%s>, 0, 0, 100) = 0".formatted(hex("/r/f")));
    assertThatThrownBy(() -> SystemCallLog.read(log, Path.of("/r"), Path.of("/m"), 022))
        .hasMessageContaining("no meaning for a system call")
        .hasMessageContaining("fallocate");
  }

  private Path log(String... lines) throws IOException {
    return Files.write(directory.resolve("log"), List.of(lines));
  }

  private static String hex(String text) {
    return HexFormat.of().withPrefix("\\x").formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  private Set<String> afterMark(FileOperation... operations) throws IOException {
    List<Recorded> log = new ArrayList<>();
    for (FileOperation operation : operations) {
      log.add(new Recorded(log.size(), log.size(), operation));
    }
    log.add(new Recorded(log.size(), log.size(), new Mark("1")));
    return afterMark(log);
  }

  private Set<String> afterMark(List<Recorded> log) throws IOException {
    Set<String> found = new TreeSet<>();
    int[] number = {0};
    int count =
        PowerCuts.visit(
            log,
            SAMPLE,
            cut -> {
              Path root = Files.createDirectory(directory.resolve("state" + number[0]++));
              cut.state().write(root, UnaryOperator.identity());
              if (cut.marks() == 1) {
                found.add(text(root));
              }
            });
    assertThat(count).isEqualTo(number[0]);
    return found;
  }

  private static String text(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root).skip(1)) {
      List<String> lines = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String bytes = Files.isRegularFile(file) ? "=" + Files.readString(file) : "";
        lines.add(root.relativize(file) + bytes);
      }
      return lines.stream().collect(Collectors.joining(", "));
    }
  }
}
