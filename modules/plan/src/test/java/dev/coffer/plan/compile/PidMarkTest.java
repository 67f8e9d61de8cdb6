package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PidMarkTest {
  @Test
  void onlyThePidIsOne() {
    String number = Integer.toString(PidMark.PID);
    State state =
        new State(
            "1.3.0",
            number,
            ContainerStatus.CREATING,
            Optional.of(PidMark.PID),
            "/" + number,
            new LinkedHashMap<>(Map.of("quoted", "\"pid\":" + number)),
            JsonObject.EMPTY);
    assertThat(PidMark.parts(Json.write(state.toJson())))
        .hasSize(2)
        .satisfies(
            parts -> {
              assertThat(parts.getFirst()).contains("\"id\":\"" + number + "\"").endsWith(":");
              assertThat(parts.getLast()).startsWith(",").contains("/" + number);
            });
  }
}
