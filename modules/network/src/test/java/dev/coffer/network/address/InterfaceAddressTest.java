package dev.coffer.network.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of devices as text. */
class InterfaceAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"10.1.0.2/16", "fd00:1::5/64", "0.0.0.0/0"})
  void whatIsWrittenIsReadAgain(String text) {
    assertThat(InterfaceAddress.parse(text)).hasToString(text);
  }

  @Test
  void theKindIsThatOfTheAddress() {
    assertThat(InterfaceAddress.parse("fd00::1/128").isIpv6()).isTrue();
    assertThat(InterfaceAddress.parse("10.1.0.2/32").isIpv6()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.1.0.2", "/16", "10.1.0.2/", "10.1.0.2/x", "10.1.0.2/33", "web/16"})
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> InterfaceAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid ");
  }
}
