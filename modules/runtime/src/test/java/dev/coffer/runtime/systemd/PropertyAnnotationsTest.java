package dev.coffer.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.runtime.dbus.IntegerType;
import dev.coffer.runtime.dbus.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyAnnotationsTest {
  private static Value value(String text) {
    return PropertyAnnotations.of(Map.of("org.systemd.property.Some", text)).getFirst().value();
  }

  private static Value int32(long number) {
    return new Value.Whole(IntegerType.INT32, number);
  }

  @Test
  void readsValuesOfEachType() {
    assertThat(value("true")).isEqualTo(Value.of(true));
    assertThat(value("boolean false")).isEqualTo(Value.of(false));
    assertThat(value("'inactive-or-failed'")).isEqualTo(Value.of("inactive-or-failed"));
    assertThat(value("\"it's\"")).isEqualTo(Value.of("it's"));
    assertThat(value("'it\\'s'")).isEqualTo(Value.of("it's"));
    assertThat(value("-5")).isEqualTo(int32(-5));
    assertThat(value("uint64 123456789")).isEqualTo(Value.uint64(123_456_789));
    assertThat(value("uint64 18446744073709551615")).isEqualTo(Value.uint64(-1));
    assertThat(value("byte 0x10")).isEqualTo(new Value.Whole(IntegerType.BYTE, 16));
    assertThat(value("1.5")).isEqualTo(new Value.Fraction(1.5));
    assertThat(value("['a', 'b']"))
        .isEqualTo(new Value.Sequence("s", List.of(Value.of("a"), Value.of("b"))));
    assertThat(value("[]")).isEqualTo(new Value.Sequence("s", List.of()));
    assertThat(value("[('/dev/null', 'rw')]"))
        .isEqualTo(
            new Value.Sequence(
                "(ss)", List.of(Value.struct(Value.of("/dev/null"), Value.of("rw")))));
    assertThat(value(" uint32 [1, 2] "))
        .isEqualTo(new Value.Sequence("u", List.of(Value.uint32(1), Value.uint32(2))));
  }

  @Test
  void takesNoOtherAnnotations() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("some.other", "'x'");
    annotations.put("org.systemd.property.KillSignal", "9");
    assertThat(PropertyAnnotations.of(annotations))
        .containsExactly(new UnitProperty("KillSignal", int32(9)));
  }

  @Test
  void secondsBecomeMicroseconds() {
    assertThat(PropertyAnnotations.of(Map.of("org.systemd.property.RuntimeMaxSec", "uint64 90")))
        .containsExactly(new UnitProperty("RuntimeMaxUSec", Value.uint64(90_000_000)));
    assertThat(PropertyAnnotations.of(Map.of("org.systemd.property.TimeoutStopSec", "1.5")))
        .containsExactly(new UnitProperty("TimeoutStopUSec", Value.uint64(1_500_000)));
    assertThat(PropertyAnnotations.of(Map.of("org.systemd.property.TimeoutStopUSec", "uint64 5")))
        .containsExactly(new UnitProperty("TimeoutStopUSec", Value.uint64(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nothing",
        "'open",
        "'open\\",
        "[1",
        "[1 2]",
        "[1, 'a']",
        "byte 256",
        "uint64 -1",
        "1 2",
        "(",
        "12345678901",
        "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"
      })
  void isRefusedWithItsName(String text) {
    assertThatThrownBy(() -> value(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("annotation \"org.systemd.property.Some\": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X", "lower", "With-Dash", "With.Dot", ""})
  void aNameThatIsNoneIsRefused(String name) {
    assertThatThrownBy(() -> PropertyAnnotations.of(Map.of("org.systemd.property." + name, "1")))
        .hasMessageContaining("no name of a property");
  }

  @Test
  void secondsAreANumber() {
    assertThatThrownBy(
            () -> PropertyAnnotations.of(Map.of("org.systemd.property.RuntimeMaxSec", "'x'")))
        .hasMessageContaining("no number of seconds");
  }
}
