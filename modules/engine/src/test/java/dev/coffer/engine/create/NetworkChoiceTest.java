package dev.coffer.engine.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.network.NetworkOwner;
import dev.coffer.engine.network.Networks;
import dev.coffer.engine.network.PluginPlaces;
import dev.coffer.engine.state.NetworkStore;
import dev.coffer.network.cni.ConfigDirectory;
import dev.coffer.network.cni.PluginPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host that can have no networks. */
class NetworkChoiceTest {

  @TempDir Path root;

  private NetworkChoice choice() throws IOException {
    Networks networks =
        Networks.open(
            new NetworkStore(root),
            new NetworkOwner(Optional.empty()),
            new Ids(),
            _ -> {
              throw new IOException("operation not permitted");
            },
            new PluginPlaces(
                new ConfigDirectory(root.resolve("net.d")), PluginPath.USUAL, root.resolve("cni")));
    networks.begun();
    return new NetworkChoice(networks);
  }

  private static ContainerRequest request(String mode, List<String> publish) {
    return ContainerRequests.of("busybox", List.of("true"))
        .with(
            new NetworkRequest(
                mode,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                publish,
                List.of(),
                false));
  }

  @Test
  void whoAsksForNothingHasALoopbackDeviceAndIsTold() throws IOException {
    NetworkChoice.Decided decided = choice().decide(request("default", List.of()));
    assertThat(decided.request().network().mode()).isEqualTo("none");
    assertThat(decided.warning())
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("loopback device only", "operation not permitted", "--network none"));
  }

  @Test
  void whoAsksForMoreIsRefused() throws IOException {
    for (ContainerRequest each :
        List.of(request("bridge", List.of()), request("default", List.of("80:80")))) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> choice().decide(each))
          .withMessage(
              "cannot create container: this host can have no networks: operation not permitted")
          .extracting(EngineException::kind)
          .isEqualTo(Kind.NOT_SUPPORTED);
    }
  }

  @Test
  void whatNeedsNoHostIsLeftAsItIs() throws IOException {
    for (String mode : List.of("none", "host", "container:web")) {
      ContainerRequest request = request(mode, List.of());
      assertThat(choice().decide(request).request()).isSameAs(request);
    }
    assertThat(NetworkChoice.assumed(request("", List.of())).network().endpoints())
        .containsExactly(EndpointRequest.plain("bridge"));
  }
}
