package dev.coffer.network.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.network.address.Subnet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network cannot be. */
class NetworkSpecTest {

  private static AddressRange range(String subnet, String gateway, String given) {
    return new AddressRange(
        Subnet.parse(subnet),
        Subnet.parseAddress(gateway),
        Optional.ofNullable(given).map(Subnet::parse));
  }

  private static NetworkSpec network(
      Driver driver, String device, Optional<String> parent, List<AddressRange> ranges, int mtu) {
    return new NetworkSpec(
        "0".repeat(64),
        "net",
        driver,
        device,
        parent,
        ranges,
        false,
        true,
        true,
        Optional.empty(),
        mtu,
        Optional.empty());
  }

  @Test
  void aRangeIsPartOfItsSubnet() {
    assertThat(range("10.1.0.0/16", "10.1.0.1", "10.1.5.0/24").given()).isPresent();
    assertThatThrownBy(() -> range("10.1.0.0/16", "10.2.0.1", null))
        .hasMessage("invalid gateway \"10.2.0.1\": not in subnet 10.1.0.0/16");
    assertThatThrownBy(() -> range("10.1.0.0/16", "10.1.0.1", "10.2.0.0/24"))
        .hasMessage("invalid range \"10.2.0.0/24\": not in subnet 10.1.0.0/16");
    assertThatThrownBy(() -> range("10.1.0.0/16", "10.1.0.1", "10.0.0.0/8"))
        .hasMessageContaining("invalid range");
  }

  @Test
  void aBridgeHasASubnetAndOthersHaveAParent() {
    List<AddressRange> ranges = List.of(range("fd00::/64", "fd00::1", null));
    assertThat(network(Driver.BRIDGE, "br0", Optional.empty(), ranges, 0).hasIpv6()).isTrue();
    assertThatThrownBy(() -> network(Driver.BRIDGE, "br0", Optional.empty(), List.of(), 0))
        .hasMessage("network \"net\" has no subnet");
    assertThatThrownBy(() -> network(Driver.MACVLAN, "", Optional.empty(), ranges, 0))
        .hasMessage("network \"net\" has no parent: macvlan wants a device of the host");
    assertThatThrownBy(() -> network(Driver.BRIDGE, "br0", Optional.empty(), ranges, 67))
        .hasMessage("invalid mtu 67: 68 to 65535");
    assertThatThrownBy(() -> network(Driver.BRIDGE, "br0", Optional.empty(), ranges, 1279))
        .hasMessage("invalid mtu 1279: IPv6 wants 1280 or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "sixteen-letters0", "äöüäöüäöü"})
  void aDeviceHasANameThatTheKernelTakes(String name) {
    List<AddressRange> ranges = List.of(range("10.1.0.0/16", "10.1.0.1", null));
    assertThatThrownBy(() -> network(Driver.BRIDGE, name, Optional.empty(), ranges, 0))
        .hasMessage("invalid device name \"" + name + "\"");
    assertThatThrownBy(() -> network(Driver.MACVLAN, "", Optional.of(name), ranges, 0))
        .hasMessage("invalid device name \"" + name + "\"");
  }
}
