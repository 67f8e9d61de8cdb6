package dev.coffer.network.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of devices on their link. */
class MacAddressTest {

  @Test
  void itIsReadAndWritten() {
    MacAddress mac = MacAddress.parse("02-42-AC:11:00:ff");
    assertThat(mac).hasToString("02:42:ac:11:00:ff");
    assertThat(mac.bytes()).containsExactly(2, 0x42, 0xac, 0x11, 0, 0xff);
  }

  @Test
  void itFollowsFromAnAddress() {
    assertThat(MacAddress.of(Subnet.parseAddress("172.17.0.2"))).hasToString("02:42:ac:11:00:02");
    assertThat(MacAddress.of(Subnet.parseAddress("fd00::1:ffff:2")))
        .hasToString("02:42:ff:ff:00:02");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "02:42:ac:11:00", "02:42:ac:11:00:02:03", "02:42:ac:11:00:0g", "2:4:a:1:0:2"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid MAC address \"" + text + "\"");
  }

  @Test
  void oneOfAGroupIsRefused() {
    assertThatThrownBy(() -> MacAddress.parse("01:00:5e:00:00:01"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"01:00:5e:00:00:01\": it is one of a group");
  }
}
