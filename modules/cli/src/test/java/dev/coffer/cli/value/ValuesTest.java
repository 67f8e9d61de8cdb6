package dev.coffer.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.engine.model.ResourceRequest.Ulimit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "42,42",
    "42b,42",
    "1k,1024",
    "1K,1024",
    "1kb,1024",
    "1KiB,1024",
    "64m,67108864",
    "1.5g,1610612736",
    "2gb,2147483648",
    "1t,1099511627776",
    "1 g,1073741824",
    "0.5k,512"
  })
  void sizes(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1x", "1kk", "k", "1ib", "1bb", "1.2.3m", "99999999p"})
  void wrongSizes(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid size: '" + text + "'");
  }

  @Test
  void minusOneIsNoLimit() {
    assertThat(ByteSize.parseOrUnlimited("-1")).isEqualTo(-1);
    assertThat(ByteSize.parseOrUnlimited("1k")).isEqualTo(1024);
  }

  @ParameterizedTest
  @CsvSource({
    "0,PT0S",
    "1h2m,PT1H2M",
    "1.5s,PT1.5S",
    "300ms,PT0.3S",
    "2us,PT0.000002S",
    "7ns,PT0.000000007S",
    "-3m,PT-3M",
    "1h1s,PT1H1S"
  })
  void durations(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "h", "1x", "1h2", "1..2s", "-", "9999999999h"})
  void wrongDurations(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid duration \"" + text + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05Z,2026-01-02T03:04:05Z",
    "2026-01-02T03:04:05.123456789Z,2026-01-02T03:04:05.123456789Z",
    "2026-01-02T03:04:05+02:00,2026-01-02T01:04:05Z",
    "2026-01-02T03:04:05,2026-01-02T03:04:05Z",
    "2026-01-02T03:04,2026-01-02T03:04:00Z",
    "2026-01-02T03,2026-01-02T03:00:00Z",
    "2026-01-02,2026-01-02T00:00:00Z",
    "1136073845.000000001,2006-01-01T00:04:05.000000001Z",
    "1136073845,2006-01-01T00:04:05Z",
    "1h30m,2026-11-20T10:30:00Z",
    "10s,2026-11-20T11:59:50Z"
  })
  void times(String text, Instant time) {
    assertThat(Timestamps.parse(text, NOW, ZoneOffset.UTC)).isEqualTo(time);
  }

  @Test
  void datesWithoutAZoneAreInTheCallers() {
    assertThat(Timestamps.parse("2026-07-01T12:00:00", NOW, ZoneId.of("Europe/Berlin")))
        .isEqualTo(Instant.parse("2026-07-01T10:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-13-01", "1.2.3"})
  void wrongTimes(String text) {
    assertThatThrownBy(() -> Timestamps.parse(text, NOW, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("invalid time \"" + text + "\"");
  }

  @Test
  void ulimits() {
    assertThat(Ulimits.parse("nofile=1024:2048"))
        .isEqualTo(Map.entry("nofile", new Ulimit(1024, 2048)));
    assertThat(Ulimits.parse("core=0")).isEqualTo(Map.entry("core", new Ulimit(0, 0)));
    assertThat(Ulimits.parse("memlock=-1:-1")).isEqualTo(Map.entry("memlock", new Ulimit(-1, -1)));
    assertThatThrownBy(() -> Ulimits.parse("nofiles=1")).hasMessage("invalid ulimit type: nofiles");
    assertThatThrownBy(() -> Ulimits.parse("nofile")).hasMessageContaining("invalid ulimit");
    assertThatThrownBy(() -> Ulimits.parse("nofile=x")).hasMessageContaining("invalid ulimit");
    assertThatThrownBy(() -> Ulimits.parse("nofile=5:4")).hasMessageContaining("5 > 4");
    assertThatThrownBy(() -> Ulimits.parse("nofile=-1:4")).hasMessageContaining("soft limit");
  }

  @Test
  void restartPolicies() {
    assertThat(RestartPolicy.parse("always")).isEqualTo(new RestartPolicy("always", 0));
    assertThat(RestartPolicy.parse("on-failure:3")).isEqualTo(new RestartPolicy("on-failure", 3));
    assertThatThrownBy(() -> RestartPolicy.parse("sometimes"))
        .hasMessageContaining("\"sometimes\"");
    assertThatThrownBy(() -> RestartPolicy.parse("always:3")).hasMessageContaining("'on-failure'");
    assertThatThrownBy(() -> RestartPolicy.parse("on-failure:x")).hasMessageContaining("integer");
    assertThatThrownBy(() -> RestartPolicy.parse("on-failure:-1")).hasMessageContaining("negative");
    assertThatThrownBy(() -> RestartPolicy.parse("")).hasMessageContaining("no policy");
  }

  @Test
  void filesOfVariables() {
    String text = "\uFEFF# comment\n\nA=1\r\n  B = two words \nBARE\nC==#x\n";
    assertThatThrownBy(() -> KeyValueFile.parse("env", text))
        .hasMessageContaining("\"env\", line 4")
        .hasMessageContaining("variable 'B ' contains whitespaces");
    assertThat(KeyValueFile.parse("env", "A=1\r\n\tB= two \nBARE\nC==#x"))
        .containsExactly("A=1", "B= two ", "BARE", "C==#x");
    assertThatThrownBy(() -> KeyValueFile.parse("env", "=x"))
        .hasMessageContaining("no variable name on line '=x'");
  }
}
