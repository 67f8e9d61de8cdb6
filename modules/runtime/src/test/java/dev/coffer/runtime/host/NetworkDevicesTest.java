package dev.coffer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.compile.NetworkDevice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkDevicesTest {
  @Test
  void devicesAreFoundByName() throws Exception {
    Map<String, NetworkDevice> devices = NetworkDevices.describe(List.of("lo", "nosuch0"));
    assertThat(devices).containsOnlyKeys("lo");
    assertThat(devices.get("lo").index()).isEqualTo(1);
    // Those of the loopback device are of host scope.
    assertThat(devices.get("lo").addresses()).isEmpty();
  }

  @Test
  void nothingIsAskedForNothing() throws Exception {
    assertThat(NetworkDevices.describe(List.of())).isEmpty();
  }
}
