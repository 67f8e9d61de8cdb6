package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PassedDescriptorsTest {
  @Test
  void whatIsCloseOnExecIsNotTheCallers() {
    assertThat(PassedDescriptors.isPassedOn("pos:\t0\nflags:\t0100002\nmnt_id:\t15\n")).isTrue();
    assertThat(PassedDescriptors.isPassedOn("pos:\t0\nflags:\t02100002\nmnt_id:\t15\n")).isFalse();
  }

  @Test
  void countOfSocketsThatIsNoneCountsForNothing() {
    assertThat(PassedDescriptors.promised(Map.of("LISTEN_FDS", "12"))).isEqualTo(12);
    assertThat(PassedDescriptors.promised(Map.of("LISTEN_FDS", "-1"))).isZero();
    assertThat(PassedDescriptors.promised(Map.of("LISTEN_FDS", "many"))).isZero();
    assertThat(PassedDescriptors.promised(Map.of())).isZero();
  }
}
