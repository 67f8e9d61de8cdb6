package dev.coffer.cli.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.runtime.oci.CheckpointOptions.PageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciCheckpointTest {
  @Test
  void aPageServerHasAnAddressAndAPort() {
    assertThat(OciCheckpoint.server("192.0.2.1:27")).isEqualTo(new PageServer("192.0.2.1", 27));
    assertThat(OciCheckpoint.server("2001:db8::1:65535"))
        .isEqualTo(new PageServer("2001:db8::1", 65535));
  }

  @ParameterizedTest
  @ValueSource(strings = {"27", ":27", "host:", "host:65536", "host:-1", "host:x"})
  void anythingElseIsNone(String text) {
    assertThatThrownBy(() -> OciCheckpoint.server(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid --page-server \"" + text + "\" (use ADDRESS:PORT)");
  }
}
