package dev.coffer.runtime.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitRecordTest {
  @TempDir Path directory;

  @Test
  void aMonitorsRecordIsRead() throws Exception {
    Path file = directory.resolve("exit.json");
    assertThat(ExitRecord.read(file)).isEmpty();
    Files.writeString(
        file,
        """
        {"exitCode":137,"signal":9,"oomKilled":true,"pid":123,\
        "startedAt":"2026-11-20T13:00:00.000000001Z","finishedAt":"2026-11-20T13:00:01.5Z"}
        """);
    assertThat(ExitRecord.read(file))
        .hasValue(
            new ExitRecord(
                137,
                9,
                true,
                123,
                Instant.parse("2026-11-20T13:00:00.000000001Z"),
                Instant.parse("2026-11-20T13:00:01.5Z")));
  }

  @Test
  void whatIsNoRecordIsAnErrorWithItsName() throws Exception {
    Path file = directory.resolve("exit.json");
    Files.writeString(file, "{\"exitCode\":");
    assertThatThrownBy(() -> ExitRecord.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read exit record \"" + file + "\": ");
  }
}
