package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CriuRunTest {
  @Test
  void theFirstOfCriusComplaintsIsTheCause() {
    assertThat(
            CriuRun.cause(
                "cannot run \"/usr/sbin/criu\": it failed: Error (criu/vdso.c:381): vdso: bad bounds; "
                    + "Error (criu/crtools.c:260): Could not initialize"))
        .isEqualTo("criu cannot work on this host: Error (criu/vdso.c:381): vdso: bad bounds");
  }

  @Test
  void withoutCriuThatIsTheCause() {
    assertThat(CriuRun.cause("cannot run \"criu\": it is not installed"))
        .isEqualTo("cannot run \"criu\": it is not installed");
  }
}
