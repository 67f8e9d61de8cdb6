package dev.coffer.plan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WireHeaderTest {
  @Test
  void theCommittedHeaderIsTheGeneratedOne() throws IOException {
    Path header = Path.of("../../native/include/wire.h");
    assertThat(Files.readString(header))
        .as("native/include/wire.h is stale: run make headers")
        .isEqualTo(WireHeader.text());
  }
}
