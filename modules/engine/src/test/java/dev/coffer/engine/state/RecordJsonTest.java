package dev.coffer.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.Configs;
import dev.coffer.engine.local.Requests;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

  @Test
  void aWholeConfigComesBackAsItWas() {
    ContainerRequest request =
        Requests.of(ContainerRequests.of("busybox", List.of("a", "")))
            .mounts(
                List.of(
                    new MountRequest.Bind("/a", "/b", true, "rslave", true, true, false),
                    new MountRequest.Tmpfs("/t", false, "size=1m")))
            .restart("on-failure", 3)
            .build();
    ContainerConfig config = Configs.config("ab", "web", request);
    assertThat(roundTrip(config)).isEqualTo(config);
  }

  @Test
  void whatIsLeftOutReadsAsEmptyAndWhatIsUnknownIsIgnored() {
    ContainerState state =
        RecordJson.read(
            ContainerState.class,
            cursor("{\"status\":\"EXITED\",\"exitCode\":3,\"fromTheFuture\":[1]}"));
    assertThat(state.status()).isEqualTo(Status.EXITED);
    assertThat(state.exitCode()).isEqualTo(3);
    assertThat(state.startedAt()).isEmpty();
    assertThat(state.error()).isEmpty();
  }

  @Test
  void aDamagedFileNamesThePlace() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(
            () ->
                RecordJson.read(
                    ContainerState.class, cursor("{\"status\":\"EXITED\",\"pid\":\"x\"}")))
        .withMessage("state.json: pid: must be an integer, is a string");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> RecordJson.read(ContainerState.class, cursor("{\"status\":\"GONE\"}")))
        .withMessageContaining("unknown constant \"GONE\"");
  }

  private static ContainerConfig roundTrip(ContainerConfig config) {
    return RecordJson.read(ContainerConfig.class, cursor(Json.write(RecordJson.write(config))));
  }

  private static JsonCursor cursor(String text) {
    return JsonCursor.of("state.json", Json.parse(text, Limits.STATE));
  }
}
