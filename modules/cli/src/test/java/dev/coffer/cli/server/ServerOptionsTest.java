package dev.coffer.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.cli.option.UsageException;
import dev.coffer.image.snapshot.SnapshotKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerOptionsTest {

  @TempDir private Path library;

  private ServerOptions parse(boolean background, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of("serve", "--root", "/r", "--run-dir", "/run/r", "--lib", library.toString()));
    words.addAll(List.of(more));
    return ServerOptions.parse(words, background);
  }

  @Test
  void aBackgroundEngineLeavesWhenIdle() throws IOException {
    Files.writeString(library.resolve("build"), "42\n");
    assertThat(parse(true))
        .isEqualTo(
            new ServerOptions(
                Path.of("/r"),
                Path.of("/run/r"),
                library,
                false,
                Duration.ofMinutes(5),
                42,
                Optional.empty(),
                Optional.empty(),
                true));
    assertThat(parse(true, "--idle-exit=7").idleExit()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void oneInTheForegroundStays() throws IOException {
    assertThat(parse(false).idleExit()).isEqualTo(Duration.ZERO);
    assertThat(parse(false).foreground()).isTrue();
    assertThat(parse(false, "--idle-exit", "7").idleExit()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whoWatchesATerminalIsToldLittleUnlessDebugging() throws IOException {
    assertThat(parse(false).debug()).isFalse();
    assertThat(parse(false, "--debug").debug()).isTrue();
  }

  @Test
  void howContainersAreKeptCanBeSaid() throws IOException {
    assertThat(parse(false, "--snapshotter", "copy").snapshotter()).contains(SnapshotKind.COPY);
    assertThatThrownBy(() -> parse(false, "--snapshotter", "btrfs"))
        .hasMessageContaining("unknown snapshotter \"btrfs\": expected overlay or copy");
  }

  @Test
  void whatIsWrongIsTold() {
    assertThatThrownBy(() -> parse(false, "--nonsense"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("unknown flag: --nonsense");
    assertThatThrownBy(() -> parse(false, "--idle-exit", "-1"))
        .hasMessageContaining("not a number of seconds");
    assertThatThrownBy(() -> ServerOptions.parse(List.of("serve"), false))
        .hasMessageContaining("cannot start: --lib is missing");
    assertThatThrownBy(() -> ServerOptions.parse(List.of(), false))
        .hasMessageContaining("expected serve");
  }
}
