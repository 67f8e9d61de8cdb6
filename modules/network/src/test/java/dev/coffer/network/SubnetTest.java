package dev.coffer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.network.address.Subnet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges of addresses. */
class SubnetTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/16, 10.1.0.0/16",
    "10.1.2.3/32, 10.1.2.3/32",
    "255.255.255.255/0, 0.0.0.0/0",
    "10.1.255.255/20, 10.1.240.0/20",
    "FD00:1:0:0::5/64, fd00:1::/64",
    "2001:db8:0:0:1:0:0:1/128, 2001:db8::1:0:0:1/128",
    "::/0, ::/0",
    "fe80::1/10, fe80::/10"
  })
  void bitsBeyondThePrefixAreDropped(String given, String subnet) {
    assertThat(Subnet.parse(given)).hasToString(subnet);
  }

  @ParameterizedTest
  @CsvSource({"10.1.0.0", "10.1.0.0/33", "10.1.0/16", "a/8", "::/129", "10.1.0.0/x", "/8"})
  void whatIsNoSubnetIsRefused(String given) {
    assertThatThrownBy(() -> Subnet.parse(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid");
  }

  @Test
  void addressesAreCounted() {
    Subnet subnet = Subnet.parse("10.1.0.0/16");
    assertThat(Subnet.text(subnet.at(258))).isEqualTo("10.1.1.2");
    assertThat(subnet.distance(Subnet.parseAddress("10.1.1.2"))).isEqualTo(258);
    assertThat(subnet.size()).isEqualTo(65_536);
    assertThatThrownBy(() -> subnet.at(65_536)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Subnet.text(Subnet.parse("fd00::/64").at(1))).isEqualTo("fd00::1");
    assertThat(Subnet.text(Subnet.parse("0.0.0.0/0").at(4_294_967_295L)))
        .isEqualTo("255.255.255.255");
  }

  @Test
  void overlapIsSeenFromBothSides() {
    Subnet wide = Subnet.parse("10.0.0.0/8");
    Subnet narrow = Subnet.parse("10.1.0.0/16");
    assertThat(wide.overlaps(narrow)).isTrue();
    assertThat(narrow.overlaps(wide)).isTrue();
    assertThat(narrow.overlaps(Subnet.parse("10.2.0.0/16"))).isFalse();
    assertThat(narrow.overlaps(Subnet.parse("fd00::/8"))).isFalse();
  }
}
