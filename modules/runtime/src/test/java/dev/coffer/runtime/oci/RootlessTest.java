package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.HostFacts;
import dev.coffer.runtime.host.HostProbe;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RootlessTest {
  private static final long SYS_ADMIN = 1L << 21;

  private static HostFacts with(long capabilities) throws IOException {
    HostFacts host = HostProbe.probe();
    return host.forProcess(host.cgroups(), capabilities, capabilities, host.hardLimits());
  }

  @Test
  void isFoundOut() throws IOException {
    assertThat(Rootless.AUTO.holdsFor(with(0))).isTrue();
    assertThat(Rootless.AUTO.holdsFor(with(SYS_ADMIN)))
        .isEqualTo(with(SYS_ADMIN).inUserNamespace());
  }

  @Test
  void isWhatWasSaid() throws IOException {
    assertThat(Rootless.TRUE.holdsFor(with(SYS_ADMIN))).isTrue();
    assertThat(Rootless.FALSE.holdsFor(with(0))).isFalse();
  }
}
