package dev.coffer.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.dns.HostResolvers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers in networks that plugins make. */
class PluginConnectionsTest extends ConnectionsFixture {

  private static final String CONFIG =
      """
      {"cniVersion":"1.0.0","name":"pods","plugins":[{"type":"bridge"},
        {"type":"portmap","capabilities":{"portMappings":true,"ips":true,"aliases":true}}]}
      """;
  private static final String RESULT =
      """
      {"interfaces":[{"name":"veth5"},{"name":"eth0","mac":"02:00:00:00:00:05","sandbox":"/ns"}],
       "ips":[{"address":"10.9.0.5/24","gateway":"10.9.0.1","interface":1}],
       "routes":[{"dst":"0.0.0.0/0"}],
       "dns":{"nameservers":["10.9.0.53"],"domain":"cluster.local","search":["pods.cluster.local"]}}
      """;

  @BeforeEach
  void install() throws IOException {
    for (String plugin : List.of("bridge", "portmap")) {
      Path file = root.resolve("bin").resolve(plugin);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
      var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
    configure(CONFIG);
    host.result = RESULT;
  }

  private void configure(String text) throws IOException {
    Files.createDirectories(root.resolve("net.d"));
    Files.writeString(root.resolve("net.d/10-pods.conflist"), text);
  }

  private static EndpointRequest end(String network, Optional<String> ip) {
    return new EndpointRequest(
        network, List.of("www"), List.of(), ip, Optional.empty(), Optional.empty(), 0);
  }

  private Container container(String id, List<String> publish, EndpointRequest... ends)
      throws IOException {
    return container(id, List.of(), publish, ends);
  }

  private static GivenEnd end(Container container) {
    return container.membership().attachments().getFirst().end().orElseThrow();
  }

  @Test
  void hasWhatThePluginsGiveUntilItEnds() throws IOException {
    Container one = container("a1", List.of("8080:80"), end("pods", Optional.empty()));
    start(one);

    assertThat(host.present)
        .containsExactly(
            "held 0.0.0.0 8080/tcp",
            "names at 32769",
            "plugin bridge eth0",
            "plugin portmap eth0 {\"aliases\":[\"name-a1\",\"www\"],\"portMappings\":"
                + "[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\"}]}");
    assertThat(end(one).addresses()).containsExactly("10.9.0.5/24");
    assertThat(end(one).mac()).isEqualTo("02:00:00:00:00:05");
    assertThat(end(one).gateways()).containsExactly("10.9.0.1");
    assertThat(store.read(one.id()).membership()).isEqualTo(one.membership());
    Path files = store.directory(one.id()).path();
    assertThat(files.resolve("hosts")).content().contains("10.9.0.5\t" + one.config().hostname());
    assertThat(files.resolve("resolv.conf"))
        .content()
        .startsWith("nameserver 127.0.0.11\nsearch cluster.local pods.cluster.local\n");
    ContainerNames names = new ContainerNames(one, networks, new HostResolvers());
    assertThat(names.servers()).containsExactly(new InetSocketAddress("10.9.0.53", 53));
    assertThat(names.addresses("www")).isPresent();

    connections.end(one).run();

    assertThat(host.present).isEmpty();
    assertThat(networks.remembered()).isEmpty();
    start(one);
    assertThat(host.present).hasSize(4);
  }

  @Test
  void aPluginThatFailsLeavesNothing() throws IOException {
    Container one = container("a1", List.of("8080:80"), end("pods", Optional.empty()));
    host.failing = Optional.of("plugin");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> start(one))
        .withMessage(
            "cannot connect to network \"pods\": plugin \"bridge\": no plugin today (code 9)");

    assertThat(host.present).isEmpty();
    assertThat(networks.remembered()).isEmpty();
    assertThat(one.membership()).isEqualTo(Membership.asked(one.config()));
  }

  @Test
  void aNetworkIsAskedWhetherItIsReady() throws IOException {
    configure(CONFIG.replace("1.0.0", "1.1.0"));
    Container one = container("a1", List.of(), end("pods", Optional.empty()));
    host.failing = Optional.of("STATUS");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> start(one))
        .withMessage("network \"pods\" is not ready: plugin \"bridge\": no plugin today (code 9)");

    assertThat(host.present).isEmpty();
    assertThat(networks.remembered()).isEmpty();
  }

  @Test
  void whatTheHostPassesOnForPluginsIsLetPass() throws IOException {
    Container one = container("a1", List.of(), end("pods", Optional.empty()));
    start(one);
    assertThat(host.passing).containsExactly("veth5");

    connections.end(one).run();
    assertThat(host.passing).isEmpty();
  }

  @Test
  void theNextEngineTellsPluginsWhichContainersAreLeft() throws IOException {
    configure(CONFIG.replace("1.0.0", "1.1.0"));
    Container gone = container("a1", List.of(), end("pods", Optional.empty()));
    Container left = container("a2", List.of(), end("pods", Optional.empty()));
    start(gone);
    start(left);

    openEngine();
    containers.add(left);
    connections.restore(left);
    connections.begin(List.of(left));

    String valid = "[{\"containerID\":\"%s\",\"ifname\":\"eth0\"}]".formatted(left.id());
    assertThat(host.collected).containsExactly(valid, valid);
  }

  @Test
  void anAddressThatThePluginsDoNotGiveIsAnError() throws IOException {
    Container one = container("a1", List.of(), end("pods", Optional.of("10.9.0.77")));

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(one))
        .withMessage(
            "the plugins of network \"pods\" do not give containers the address that is asked for"
                + " (10.9.0.77)");
    assertThat(host.present).isEmpty();

    start(container("a2", List.of(), end("pods", Optional.of("10.9.0.5"))));
    assertThat(host.present).anyMatch(line -> line.contains("\"ips\":[\"10.9.0.5\"]"));
  }

  @Test
  void portsNeedAPluginThatTakesThem() throws IOException {
    configure("{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"plugins\":[{\"type\":\"bridge\"}]}");
    Container one = container("a1", List.of("80"), end("pods", Optional.empty()));

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(one))
        .withMessageContaining("ports cannot be published: ");
    assertThat(host.present).isEmpty();
  }

  @Test
  void portsLeadThroughABridgeOfOursWhereThereIsOne() throws IOException {
    Container one =
        container(
            "a1",
            List.of("8080:80"),
            end("pods", Optional.empty()),
            EndpointRequest.plain("bridge"));
    start(one);

    assertThat(host.present)
        .contains("port 0.0.0.0 8080/tcp to 10.210.0.2 80", "route by [10.210.0.1]")
        .noneMatch(line -> line.contains("portMappings"));
  }

  @Test
  void theNextEngineTakesBackWhatNoContainerHas() throws IOException {
    Container killed = container("a1", List.of(), end("pods", Optional.empty()));
    Container same = container("a2", List.of(), end("pods", Optional.empty()));
    start(killed);
    start(same);
    assertThat(networks.remembered()).hasSize(2);

    openEngine();
    containers.add(same);
    connections.restore(same);
    connections.begin(List.of(same));

    assertThat(networks.remembered())
        .extracting(each -> each.attachment().containerId())
        .containsExactly(same.id());
  }

  @Test
  void aNetworkIsKnownAsLongAsContainersAreInIt() throws IOException {
    Container one = container("a1", List.of(), end("pods", Optional.empty()));
    start(one);
    Files.delete(root.resolve("net.d/10-pods.conflist"));
    networks.refresh();
    assertThat(networks.find("pods").summary().driver()).isEqualTo("cni");

    connections.end(one).run();
    networks.refresh();

    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> networks.find("pods"))
        .withMessage("no such network: pods");
  }

  @Test
  void usesTheConfigurationAsItIsNow() throws IOException {
    configure(CONFIG.replace("\"portmap\"", "\"other\""));
    Container one = container("a1", List.of(), end("pods", Optional.empty()));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> start(one))
        .withMessageContaining("plugin \"other\": not found in");
    assertThat(networks.remembered()).isEmpty();
  }

  @Test
  void theHostsNetworksAreNeitherMadeNorRemovedNorShadowed() throws IOException {
    Network pods = networks.find("pods");
    assertThat(pods.record().options()).containsEntry("plugins", "bridge,portmap");
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> networks.remove(pods))
        .withMessageStartingWith("cannot remove network \"pods\": the host has a file for")
        .extracting(EngineException::kind)
        .isEqualTo(Kind.CONFLICT);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> networks.create(NetworkCreation.bridge("pods")))
        .withMessage("cannot create network \"pods\": the name is in use");
    NetworkCreation cni =
        new NetworkCreation(
            "mine",
            Optional.of("cni"),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            true,
            false,
            false,
            false,
            Map.of(),
            Map.of());
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> networks.create(cni))
        .withMessageContaining("not supported: networks of CNI plugins");

    configure(CONFIG.replace("pods", "bridge"));
    networks.refresh();
    assertThat(networks.find("bridge").isOfPlugins()).isFalse();
  }

  @Test
  void aDataRootMaySayOtherDirectories() throws IOException {
    Path file = root.resolve("cni-directories");
    assertThat(PluginPlaces.of(root).networks().path()).hasToString("/etc/cni/net.d");
    Files.writeString(file, "# ours\nnetworks /srv/net.d\nplugins /srv/bin\nplugins /opt/x y\n");
    assertThat(PluginPlaces.of(root).networks().path()).hasToString("/srv/net.d");
    assertThat(PluginPlaces.of(root).plugins()).hasToString("/srv/bin:/opt/x y");

    Files.writeString(file, "networks net.d\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PluginPlaces.of(root))
        .withMessageStartingWith("invalid line \"networks net.d\" in " + file);
  }
}
