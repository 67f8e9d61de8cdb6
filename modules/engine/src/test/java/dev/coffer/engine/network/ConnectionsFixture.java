package dev.coffer.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.engine.Configs;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.ContainerRequests;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.NetworkStore;
import dev.coffer.engine.state.StateStore;
import dev.coffer.network.dns.HostResolvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What an engine has that connects containers with networks, on a host that is not real. */
abstract class ConnectionsFixture {

  private static final NetworkOwner OWNER = new NetworkOwner(Optional.empty());

  @TempDir Path root;
  final FakeNetworkHost host = new FakeNetworkHost();
  StateStore store;
  ContainerIndex containers;
  Networks networks;
  Connections connections;

  @BeforeEach
  void open() throws IOException {
    store = StateStore.open(root);
    openEngine();
    connections.begin(List.of());
  }

  /** One that finds what the one before has left. */
  void openEngine() throws IOException {
    containers = new ContainerIndex();
    networks =
        Networks.open(new NetworkStore(root), OWNER, new Ids(), host::open, host.places(root));
    connections = new Connections(networks, containers, store, new Ids(), new HostResolvers());
  }

  /** A container that was created, with names for its /etc/hosts and ports to publish. */
  Container container(String id, List<String> hosts, List<String> publish, EndpointRequest... ends)
      throws IOException {
    NetworkRequest network =
        new NetworkRequest(
            ends[0].network(),
            List.of(ends),
            Optional.empty(),
            Optional.empty(),
            hosts,
            List.of(),
            List.of(),
            List.of(),
            publish,
            List.of(),
            false);
    ContainerConfig config =
        Configs.config(
            id, "name-" + id, ContainerRequests.of("busybox", List.of("true")).with(network));
    Container container = new Container(config, ContainerState.CREATED, Membership.asked(config));
    assertThat(containers.take(config.name(), config.id())).isTrue();
    containers.add(container);
    var _ = store.prepare(config.id());
    store.saveConfig(config);
    return container;
  }

  void start(Container container) throws IOException {
    try (Connections.Prepared prepared = connections.prepare(container).orElseThrow()) {
      assertThat(prepared.namespace().isOpen()).isTrue();
      prepared.keep();
    }
  }

  String file(Container container, String name) throws IOException {
    return Files.readString(store.directory(container.id()).path().resolve(name));
  }
}
