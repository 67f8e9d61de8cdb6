package dev.coffer.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.Configs;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerFiltersTest {

  private static final Container ENDED =
      new Container(
          Configs.config("abc", "web-1", "true"),
          ContainerState.CREATED.started(1, Configs.CREATED).ended(3, false, Configs.CREATED, ""),
          Membership.NONE);

  @ParameterizedTest
  @CsvSource({
    "name, web, true",
    "name, ^/web-1$, true",
    "name, ^web$, false",
    "id, abc0, true",
    "id, zzz, false",
    "status, exited, true",
    "status, running, false",
    "exited, 3, true",
    "exited, 0, false",
    "label, kind, true",
    "label, kind=image, true",
    "label, kind=other, false",
    "ancestor, busybox, true",
    "ancestor, debian, false",
    "volume, anonymous, true",
    "volume, /data, true",
    "volume, /nothing, false",
    "network, none, true",
    "network, host, false"
  })
  void eachFilterMatches(String name, String value, boolean matches) {
    assertThat(filters(Map.of(name, List.of(value))).matches(ENDED)).isEqualTo(matches);
  }

  @Test
  void anyValueOfOneFilterButAllLabels() {
    assertThat(filters(Map.of("name", List.of("nobody", "web"))).matches(ENDED)).isTrue();
    assertThat(filters(Map.of("label", List.of("kind", "absent"))).matches(ENDED)).isFalse();
    assertThat(filters(Map.of("name", List.of("web"), "exited", List.of("1"))).matches(ENDED))
        .isFalse();
  }

  @Test
  void unknownFiltersAndValuesAreErrors() {
    for (String name : List.of("nonsense", "status", "exited")) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> filters(Map.of(name, List.of("nonsense"))))
          .withMessageStartingWith("invalid filter \"" + name);
    }
  }

  private static ContainerFilters filters(Map<String, List<String>> filters) {
    return ContainerFilters.of(filters, given -> ENDED, image -> Optional.empty());
  }
}
