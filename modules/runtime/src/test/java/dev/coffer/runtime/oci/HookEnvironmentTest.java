package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Hooks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HookEnvironmentTest {
  private static final Map<String, String> CALLER = Map.of("PATH", "/bin", "LANG", "C");

  @Test
  void isTheCallersOutsideAndTheContainersInside() {
    Hooks hooks =
        HookEnvironment.complete(
            Hooks.NONE.toBuilder()
                .createRuntime(List.of(hook()))
                .startContainer(List.of(hook()))
                .poststop(List.of(hook()))
                .build(),
            CALLER,
            List.of("ONE=two"));
    assertThat(hooks.createRuntime().getFirst().env()).containsExactly("LANG=C", "PATH=/bin");
    assertThat(hooks.poststop().getFirst().env()).containsExactly("LANG=C", "PATH=/bin");
    assertThat(hooks.startContainer().getFirst().env()).containsExactly("ONE=two");
  }

  @Test
  void isTheConfigsWhereThatGivesOne() {
    assertThat(HookEnvironment.complete(List.of(hook("A=B")), CALLER).getFirst().env())
        .containsExactly("A=B");
  }

  private static Hook hook(String... environment) {
    return new Hook(
        "/bin/true", List.of(), List.of(environment), Optional.empty(), JsonObject.EMPTY);
  }
}
