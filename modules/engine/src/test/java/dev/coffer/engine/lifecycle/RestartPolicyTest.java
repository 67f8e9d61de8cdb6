package dev.coffer.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.local.Requests;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.state.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @Test
  void eachPolicyHasItsRule() {
    assertThat(RestartPolicy.afterEnd(policy("no", 0), ended(1))).isFalse();
    assertThat(RestartPolicy.afterEnd(policy("always", 0), ended(0))).isTrue();
    assertThat(RestartPolicy.afterEnd(policy("on-failure", 0), ended(0))).isFalse();
    assertThat(RestartPolicy.afterEnd(policy("on-failure", 2), ended(1).withRestartCount(1)))
        .isTrue();
    assertThat(RestartPolicy.afterEnd(policy("on-failure", 2), ended(1).withRestartCount(2)))
        .isFalse();
  }

  @Test
  void whatAUserStoppedStaysDownUnlessAlways() {
    ContainerState stopped = ended(0).withStoppedByUser(true);
    assertThat(RestartPolicy.afterEnd(policy("always", 0), stopped)).isFalse();
    assertThat(RestartPolicy.atEngineStart(policy("always", 0), stopped)).isTrue();
    assertThat(RestartPolicy.atEngineStart(policy("unless-stopped", 0), stopped)).isFalse();
    assertThat(RestartPolicy.atEngineStart(policy("always", 0), ContainerState.CREATED)).isFalse();
  }

  @Test
  void delaysDoubleUpToAMinuteAndBeginAnewAfterASteadyRun() {
    Duration quick = Duration.ofSeconds(1);
    Duration delay = RestartPolicy.delay(Duration.ZERO, quick);
    assertThat(delay).isEqualTo(Duration.ofMillis(100));
    assertThat(RestartPolicy.delay(delay, quick)).isEqualTo(Duration.ofMillis(200));
    assertThat(RestartPolicy.delay(Duration.ofSeconds(50), quick)).isEqualTo(Duration.ofMinutes(1));
    assertThat(RestartPolicy.delay(Duration.ofMinutes(1), Duration.ofSeconds(10)))
        .isEqualTo(Duration.ofMillis(100));
  }

  private static ContainerState ended(int code) {
    return ContainerState.CREATED.started(1, NOW).ended(code, false, NOW, "");
  }

  private static LifecycleRequest policy(String name, int most) {
    return Requests.of(ContainerRequests.of("busybox", List.of()))
        .restart(name, most)
        .build()
        .lifecycle();
  }
}
