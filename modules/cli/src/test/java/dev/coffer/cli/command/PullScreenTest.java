package dev.coffer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.runtime.protocol.WindowSize;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a terminal shows of a pull. */
class PullScreenTest {
  private static final WindowSize WIDE = new WindowSize(24, 120);

  private final PullScreen screen = new PullScreen();

  private static Descriptor blob(int number) {
    return Descriptor.of(
        MediaTypes.OCI_LAYER_GZIP, Digest.ofBytes(new byte[] {(byte) number}), 100_000_000);
  }

  private static String id(int number) {
    return blob(number).digest().shortHex();
  }

  private List<String> after(double seconds) {
    return screen.lines(WIDE, Duration.ofMillis((long) (seconds * 1000)));
  }

  @Test
  void aBlobGoesThroughItsStates() {
    screen.on(new TransferEvent.Waiting(blob(1)), Duration.ZERO);
    assertThat(after(0)).containsExactly(id(1) + ": Waiting");
    screen.on(new TransferEvent.Progress(blob(1), 0), Duration.ZERO);
    screen.on(new TransferEvent.Progress(blob(1), 50_000_000), Duration.ofSeconds(5));
    assertThat(after(5).getFirst())
        .contains(
            "Downloading", "[===============>              ]", "50MB/100MB", "10MB/s", "5s left");
    screen.on(new TransferEvent.Transferred(blob(1)), Duration.ofSeconds(9));
    assertThat(after(9)).containsExactly(id(1) + ": Extracting");
    screen.on(new TransferEvent.Complete(blob(1)), Duration.ofSeconds(10));
    assertThat(after(10)).containsExactly(id(1) + ": Pull complete");
  }

  @Test
  void whatWasThereBeforeCountsForNoSpeed() {
    screen.on(new TransferEvent.Progress(blob(1), 90_000_000), Duration.ZERO);
    screen.on(new TransferEvent.Progress(blob(1), 95_000_000), Duration.ofSeconds(5));
    assertThat(after(5).getFirst()).contains("1MB/s", "5s left");
  }

  @Test
  void noLineIsWiderThanTheWindow() {
    screen.on(new TransferEvent.Progress(blob(1), 1), Duration.ZERO);
    screen.on(new TransferEvent.Retrying(blob(2), "x".repeat(500)), Duration.ZERO);
    for (int columns = 21; columns < 130; columns++) {
      int most = columns;
      assertThat(screen.lines(new WindowSize(24, columns), Duration.ofHours(1)))
          .allMatch(line -> line.length() < most);
    }
  }

  @Test
  void thereAreNoMoreLinesThanTheWindowHas() {
    for (int i = 0; i < 50; i++) {
      screen.on(new TransferEvent.Waiting(blob(i)), Duration.ZERO);
    }
    for (int i = 0; i < 20; i++) {
      screen.on(new TransferEvent.Complete(blob(i)), Duration.ZERO);
    }
    List<String> lines = screen.lines(new WindowSize(10, 80), Duration.ZERO);
    assertThat(lines).hasSize(9);
    assertThat(lines.getFirst()).startsWith(id(20));
    assertThat(lines.getLast()).isEqualTo("20 of 50 complete");
  }

  @Test
  void anUnknownWindowIsOfUsualSize() {
    screen.on(new TransferEvent.Retrying(blob(2), "x".repeat(500)), Duration.ZERO);
    assertThat(screen.lines(WindowSize.UNKNOWN, Duration.ZERO).getFirst()).hasSize(79);
  }

  @Test
  void controlCharactersOfARegistryAreNotSent() {
    screen.on(new TransferEvent.Retrying(blob(2), "a\033[2Jb"), Duration.ZERO);
    assertThat(after(0).getFirst()).doesNotContain("\033");
  }
}
