package dev.coffer.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedPortTest {

  @ParameterizedTest
  @CsvSource({
    "80, 80/tcp at any 0-0",
    "80/udp, 80/udp at any 0-0",
    "8080:80, 80/tcp at any 8080-8080",
    "8080-8090:80, 80/tcp at any 8080-8090",
    "0:80, 80/tcp at any 0-0",
    ":80, 80/tcp at any 0-0",
    "127.0.0.1:8080:80/sctp, 80/sctp at 127.0.0.1 8080-8080",
    "127.0.0.1::80, 80/tcp at 127.0.0.1 0-0",
    "[::1]:8080:80, 80/tcp at 0:0:0:0:0:0:0:1 8080-8080",
    "[::]::80, 80/tcp at 0:0:0:0:0:0:0:0 0-0",
    "'target=80,published=8080,protocol=udp,mode=host', 80/udp at any 8080-8080",
  })
  void allOfDockersForms(String text, String expected) {
    assertThat(PublishedPort.parse(text))
        .extracting(PublishedPortTest::describe)
        .containsExactly(expected);
  }

  private static String describe(PublishedPort port) {
    return "%s at %s %d-%d"
        .formatted(
            port.exposed(),
            port.hostAddress().map(each -> each.getHostAddress()).orElse("any"),
            port.hostPorts().first(),
            port.hostPorts().last());
  }

  @ParameterizedTest
  @CsvSource({
    "80-82, 80/tcp at any 0-0; 81/tcp at any 0-0; 82/tcp at any 0-0",
    "90-91:80-81/udp, 80/udp at any 90-90; 81/udp at any 91-91",
  })
  void rangesArePublishedPortByPort(String text, String expected) {
    assertThat(PublishedPort.parse(text).stream().map(PublishedPortTest::describe).toList())
        .isEqualTo(List.of(expected.split("; ")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid container port",
    "x, invalid container port \"x\"",
    "0, invalid container port \"0\"",
    "80:x:80, invalid address \"80\"",
    "65536:80, invalid host port \"65536\"",
    "82-80, invalid container port \"82-80\"",
    "80/, invalid protocol",
    "90-92:80-81, 2 ports of the container and 3 of the host",
    "300.1.1.1:80:80, invalid address \"300.1.1.1\"",
    "target=80;x=1, invalid target",
    "published=80, target=PORT is missing",
  })
  void whatIsMalformedIsNamed(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PublishedPort.parse(text))
        .withMessageContaining(message);
  }
}
