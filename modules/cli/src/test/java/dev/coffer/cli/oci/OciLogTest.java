package dev.coffer.cli.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OciLogTest {
  private static final int FIFO = 0010600;

  @TempDir private Path directory;

  private static OciLog log(Optional<Path> file, boolean json) {
    Instant then = Instant.parse("2026-01-02T03:04:05Z");
    return new OciLog(file, json, Clock.fixed(then, ZoneOffset.UTC));
  }

  @Test
  void entriesAreAppended() throws IOException {
    Path file = directory.resolve("log");
    assertThat(log(Optional.of(file), true).warning("one")).isTrue();
    assertThat(log(Optional.of(file), false).debug("two\nlines")).isEmpty();
    assertThat(file)
        .hasContent(
            """
            {"level":"warning","msg":"one","time":"2026-01-02T03:04:05Z"}
            time="2026-01-02T03:04:05Z" level=debug msg="two\\nlines"
            """);
  }

  @Test
  void withoutAFileTheCallerPrintsWhatIsNoError() {
    assertThat(log(Optional.empty(), false).warning("one")).isFalse();
    assertThat(log(Optional.empty(), true).debug("two"))
        .contains("{\"level\":\"debug\",\"msg\":\"two\",\"time\":\"2026-01-02T03:04:05Z\"}\n");
  }

  @Test
  @Timeout(20)
  void aFifoThatNobodyReadsKeepsNobodyWaiting() throws IOException {
    Path fifo = directory.resolve("fifo");
    FileTree.makeNode(Fd.CWD, fifo.toString(), FIFO, 0);
    log(Optional.of(fifo), true).error("lost");
    assertThat(Files.exists(fifo)).isTrue();
  }
}
