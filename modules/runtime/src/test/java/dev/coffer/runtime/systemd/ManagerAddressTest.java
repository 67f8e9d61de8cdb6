package dev.coffer.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManagerAddressTest {
  private static final ManagerAddress OWN =
      new ManagerAddress(Path.of("/run/user/1/systemd/private"), false);

  @Test
  void aUsersIsInTheRuntimeDirectory() {
    assertThat(ManagerAddress.ofUser(Map.of("XDG_RUNTIME_DIR", "/run/user/1")))
        .containsExactly(OWN, new ManagerAddress(Path.of("/run/user/1/bus"), true));
  }

  @Test
  void aSessionsBusIsWhereItSays() {
    assertThat(
            ManagerAddress.ofUser(
                Map.of(
                    "XDG_RUNTIME_DIR",
                    "/run/user/1",
                    "DBUS_SESSION_BUS_ADDRESS",
                    "tcp:host=x;unix:guid=1,path=/tmp/a%20bus+")))
        .containsExactly(OWN, new ManagerAddress(Path.of("/tmp/a bus+"), true));
  }

  @Test
  void nothingIsNowhere() {
    assertThat(
            ManagerAddress.ofUser(
                Map.of(
                    "XDG_RUNTIME_DIR", "relative", "DBUS_SESSION_BUS_ADDRESS", "unix:abstract=x")))
        .isEmpty();
  }

  @Test
  void theHostsIsAskedItselfBeforeTheBus() {
    assertThat(ManagerAddress.ofSystem())
        .extracting(ManagerAddress::bus)
        .containsExactly(false, true);
  }
}
