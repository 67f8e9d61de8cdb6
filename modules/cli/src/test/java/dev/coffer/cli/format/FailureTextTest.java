package dev.coffer.cli.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

  @Test
  void thePathAloneIsNoReason() {
    IOException denied = new AccessDeniedException("/data/bases");
    assertThat(FailureText.of(new IOException("cannot open: " + denied.getMessage(), denied)))
        .isEqualTo("cannot open: /data/bases: permission denied");
    assertThat(FailureText.of(new NoSuchFileException("/data")))
        .isEqualTo("/data: no such file or directory");
  }

  @Test
  void whatIsToldStaysAsItIs() {
    IOException denied = new AccessDeniedException("/data");
    assertThat(FailureText.of(new IOException("cannot open \"/data\": permission denied", denied)))
        .isEqualTo("cannot open \"/data\": permission denied");
    assertThat(FailureText.of(new FileSystemException("/data", null, "No space left on device")))
        .isEqualTo("/data: No space left on device");
  }
}
