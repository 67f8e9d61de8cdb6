package dev.coffer.spec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecRoundTripTest {
  @ParameterizedTest
  @ValueSource(strings = {"full.json", "runc-spec.json"})
  void losesNothing(String file) throws IOException {
    byte[] bytes = resource(file);
    JsonValue original = Json.parse(bytes, Limits.CONFIG);
    Spec spec = Spec.parse(bytes);
    assertThat(spec.toJson()).isEqualTo(original);
    assertThat(Spec.parse(Json.bytes(spec.toJson()))).isEqualTo(spec);
  }

  @Test
  void buildersKeepEverything() throws IOException {
    Spec spec = Spec.parse(resource("full.json"));
    Linux linux = spec.linux().orElseThrow();
    Resources resources = linux.resources().orElseThrow();
    Resources copy =
        resources.toBuilder()
            .memory(resources.memory().orElseThrow().toBuilder().build())
            .cpu(resources.cpu().orElseThrow().toBuilder().build())
            .blockIO(resources.blockIO().orElseThrow().toBuilder().build())
            .build();
    Linux linuxCopy =
        linux.toBuilder()
            .resources(copy)
            .seccomp(linux.seccomp().orElseThrow().toBuilder().build())
            .build();
    ContainerProcess process = spec.process().orElseThrow().toBuilder().build();
    assertThat(spec.toBuilder().linux(linuxCopy).process(process).build()).isEqualTo(spec);
  }

  @Test
  void readsValues() throws IOException {
    Spec spec = Spec.parse(resource("full.json"));
    ContainerProcess process = spec.process().orElseThrow();
    assertThat(process.rlimits().getFirst().hard()).isEqualTo(Rlimit.INFINITY);
    assertThat(process.user().gid()).isEqualTo(4294967294L);
    CapabilitySet bounding = process.capabilities().orElseThrow().bounding();
    assertThat(bounding.bits()).isEqualTo(1L | 1L << 10 | 1L << 40);
    assertThat(bounding.unknown()).containsExactly("CAP_FROM_THE_FUTURE");
    assertThat(spec.linux().orElseThrow().namespace(NamespaceType.NETWORK).orElseThrow().path())
        .contains("/run/netns/a");
  }

  @Test
  void buildsAConfig() {
    Spec spec =
        Spec.builder(Spec.VERSION)
            .root(Root.of("rootfs", false))
            .process(
                ContainerProcess.builder("/")
                    .args(List.of("sh"))
                    .capabilities(Capabilities.of(CapabilitySet.EMPTY))
                    .build())
            .build();
    assertThat(Json.write(spec.toJson()))
        .isEqualTo(
            "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"rootfs\"},\"process\":{\"user\":"
                + "{\"uid\":0,\"gid\":0},\"args\":[\"sh\"],\"cwd\":\"/\",\"capabilities\":{}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|config.json: ociVersion: is missing",
        "[]|config.json: must be an object, is an array",
        "{\"ociVersion\":\"1.0.0\",\"process\":{\"cwd\":3}}"
            + "|config.json: process.cwd: must be a string, is a number",
        "{\"ociVersion\":\"1.0.0\",\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"x\"}]}}"
            + "|config.json: linux.namespaces[1].type: must be one of pid, network, mount, ipc,"
            + " uts, user, cgroup, time, is \"x\"",
        "{\"ociVersion\":\"1.0.0\",\"linux\":{\"uidMappings\":[{\"containerID\":4294967296}]}}"
            + "|config.json: linux.uidMappings[0].containerID: must be an integer from 0 to"
            + " 4294967295, is 4294967296",
      })
  void namesThePathOfWhatItCannotRead(String config, String message) {
    assertThatThrownBy(() -> Spec.parse(config.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SpecException.class)
        .hasMessage(message);
  }

  @Test
  void readsAndWritesState() {
    String text =
        "{\"ociVersion\":\"1.3.0\",\"id\":\"a\",\"status\":\"running\",\"pid\":42,"
            + "\"bundle\":\"/b\",\"annotations\":{\"k\":\"v\"},\"rootfs\":\"/b/rootfs\"}";
    State state = State.parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(state.status()).isEqualTo(ContainerStatus.RUNNING);
    assertThat(state.pid()).contains(42);
    assertThat(Json.write(state.toJson())).isEqualTo(text);
    ContainerProcessState process =
        new ContainerProcessState(
            "1.3.0", List.of(ContainerProcessState.SECCOMP_FD), 42, Optional.of("m"), state);
    assertThat(Json.write(process.toJson()))
        .isEqualTo(
            "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":42,\"metadata\":\"m\","
                + "\"state\":"
                + text
                + "}");
  }

  @Test
  void findsCapabilities() {
    assertThat(Capability.find("cap_net_raw")).contains(Capability.NET_RAW);
    assertThat(Capability.find("NET_RAW")).contains(Capability.NET_RAW);
    assertThat(Capability.find("CAP_CAP_NET_RAW")).isEmpty();
    assertThat(CapabilitySet.ALL.bits()).isEqualTo((1L << 41) - 1);
    assertThat(CapabilitySet.ofBits(CapabilitySet.ALL.bits())).isEqualTo(CapabilitySet.ALL);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SpecRoundTripTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
