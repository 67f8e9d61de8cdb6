package dev.coffer.runtime.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProtoHeaderTest {
  @Test
  void theCommittedHeaderIsTheGeneratedOne() throws Exception {
    // Surefire runs in the module's directory.
    Path header = Path.of("../../native/include/proto.h");
    assertThat(ProtoHeader.text()).isEqualTo(Files.readString(header));
  }
}
