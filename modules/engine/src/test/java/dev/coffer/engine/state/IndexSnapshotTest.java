package dev.coffer.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexSnapshotTest {

  private static final Map<String, String> NAMES = Map.of("aa11", "web", "bb22", "my_db.1");

  @TempDir Path root;
  private IndexSnapshot snapshot;
  private Path file;

  @BeforeEach
  void open() {
    snapshot = new IndexSnapshot(root);
    file = root.resolve("containers.index");
  }

  @Test
  void whatWasWrittenIsTakenOnce() throws IOException {
    snapshot.write(NAMES);
    assertThat(snapshot.take()).isEqualTo(NAMES);
    assertThat(snapshot.take()).isEmpty();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void noContainersAreASnapshotToo() throws IOException {
    snapshot.write(Map.of());
    assertThat(snapshot.take()).isEmpty();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aTornOneIsNone() throws IOException {
    snapshot.write(NAMES);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(snapshot.take()).as("the first %d bytes", length).isEmpty();
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void aStrangeOneIsNone() throws IOException {
    for (String text :
        new String[] {"coffer-index 2\naa web\nend 1\n", "coffer-index 1\nweb\nend 1\n", "\n\n"}) {
      Files.writeString(file, text);
      assertThat(snapshot.take()).as(text).isEmpty();
    }
    Files.write(file, new byte[] {'c', (byte) 0xff, '\n'});
    assertThat(snapshot.take()).isEmpty();
    Files.write(file, new byte[4096]);
    assertThat(snapshot.take()).isEmpty();
  }
}
