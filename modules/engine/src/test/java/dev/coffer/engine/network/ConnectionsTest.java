package dev.coffer.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.StateStore;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.dns.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionsTest extends ConnectionsFixture {

  private Network network(String name, String subnet, boolean internal, boolean ipv6) {
    return networks.create(
        new NetworkCreation(
            name,
            Optional.empty(),
            List.of(subnet),
            List.of(),
            List.of(),
            Map.of(),
            true,
            ipv6,
            internal,
            false,
            Map.of(),
            Map.of()));
  }

  private static EndpointRequest end(String network, int priority, String... aliases) {
    return new EndpointRequest(
        network,
        List.of(aliases),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        priority);
  }

  private Container container(String id, List<String> publish, EndpointRequest... ends)
      throws IOException {
    return container(id, List.of("up:host-gateway"), publish, ends);
  }

  @Test
  void aContainerInTheDefaultBridgeUsesWhatIsReadyAndGivesItBack() throws IOException {
    for (boolean preparing : List.of(false, true)) {
      host.preparing = preparing;
      Container one = container(preparing ? "a1" : "b1", List.of(), end("bridge", 0));
      start(one);
      String address = preparing ? "10.210.0.3" : "10.210.0.2";
      assertThat(host.present)
          .containsExactly(
              "bridge coffer0", "end eth0 in bridge [" + address + "/16] by [10.210.0.1]");
      assertThat(file(one, "hosts"))
          .contains("10.210.0.1\tup\n")
          .endsWith(address + "\t" + one.config().hostname() + "\n");
      assertThat(file(one, "resolv.conf")).doesNotContain("127.0.0.11");
      assertThat(store.read(one.id()).membership()).isEqualTo(one.membership());
      connections.end(one).run();
      assertThat(host.present).containsExactly("bridge coffer0");
      assertThat(store.read(one.id()).membership()).isEqualTo(one.membership());
      assertThat(one.membership().attachments().getFirst().end()).isEmpty();
    }
  }

  @Test
  void theDefaultRouteIsThePriorityThenTheNameAndNeverInternal() throws IOException {
    Network a = network("alpha", "10.1.0.0/24", true, false);
    network("beta", "10.2.0.0/24", false, false);
    network("gamma", "10.3.0.0/24", false, false);
    Container one =
        container("c1", List.of("80"), end("gamma", 0), end("beta", 0), end("alpha", 9));
    start(one);
    assertThat(host.present)
        .contains(
            "end eth0 in gamma [10.3.0.2/24] by []",
            "end eth1 in beta [10.2.0.2/24] by [10.2.0.1]",
            "end eth2 in alpha [10.1.0.2/24] by []",
            "port 0.0.0.0 32769/tcp to 10.2.0.2 80");
    connections.end(one).run();
    Container two = container("c2", List.of(), end("beta", 0), end("gamma", 1));
    start(two);
    assertThat(host.present).contains("end eth1 in gamma [10.3.0.3/24] by [10.3.0.1]");
    assertThat(a.runningEnds()).isEmpty();
  }

  @Test
  void namesLeadToThoseInTheSameNetworksAlone() throws IOException {
    network("web", "10.1.0.0/24", false, false);
    network("db", "10.2.0.0/24", true, false);
    Container one = container("d1", List.of(), end("web", 0, "Alias", "both"));
    Container two = container("d2", List.of(), end("web", 0, "both"), end("db", 0, "data"));
    Container three = container("d3", List.of(), end("db", 0));
    start(one);
    start(two);
    start(three);
    Names ones = new ContainerNames(one, networks, new HostResolvers());
    Names threes = new ContainerNames(three, networks, new HostResolvers());
    assertThat(addresses(ones, "alias")).containsExactly("10.1.0.2");
    assertThat(addresses(ones, "alias.web")).containsExactly("10.1.0.2");
    assertThat(addresses(ones, "both")).containsExactly("10.1.0.2", "10.1.0.3");
    assertThat(addresses(ones, "name-d2")).containsExactly("10.1.0.3");
    assertThat(addresses(ones, two.config().shortId())).containsExactly("10.1.0.3");
    assertThat(ones.addresses("data")).isEmpty();
    assertThat(ones.addresses("name-d3")).isEmpty();
    assertThat(ones.name(InetAddress.ofLiteral("10.1.0.3"))).contains("name-d2.web");
    assertThat(ones.name(InetAddress.ofLiteral("10.2.0.2"))).isEmpty();
    assertThat(addresses(threes, "data")).containsExactly("10.2.0.2");
    assertThat(threes.addresses("alias")).isEmpty();
    assertThat(threes.servers()).isEmpty();
    assertThat(ones.servers()).isNotEmpty();
    assertThat(file(one, "resolv.conf")).startsWith("nameserver 127.0.0.11\n");
    two.setConfig(two.config().renamed("other"));
    connections.renamed(two);
    assertThat(ones.addresses("name-d2")).isEmpty();
    assertThat(addresses(ones, "other")).containsExactly("10.1.0.3");
    connections.end(two).run();
    assertThat(ones.addresses("other")).isEmpty();
    assertThat(addresses(ones, "both")).containsExactly("10.1.0.2");
  }

  private static List<String> addresses(Names names, String name) {
    return names.addresses(name).orElseThrow().stream().map(InetAddress::getHostAddress).toList();
  }

  @Test
  void portsAreHeldForBothKindsAndAClashNamesTheContainer() throws IOException {
    network("web", "10.1.0.0/24", false, true);
    Container one =
        container("e1", List.of("8080:80", "127.0.0.1::53/udp", "81-82"), end("web", 0));
    start(one);
    String ipv6 = one.membership().attachments().getFirst().end().orElseThrow().addresses().get(1);
    assertThat(host.present)
        .contains(
            "held 0.0.0.0 8080/tcp",
            "held :: 8080/tcp",
            "held 127.0.0.1 32769/udp",
            "port 0.0.0.0 8080/tcp to 10.1.0.2 80",
            "port :: 8080/tcp to " + ipv6.substring(0, ipv6.indexOf('/')) + " 80",
            "port 127.0.0.1 32769/udp to 10.1.0.2 53",
            "port 0.0.0.0 32771/tcp to 10.1.0.2 82");
    Container two = container("e2", List.of("81", "8080:80"), end("web", 0));
    var before = List.copyOf(host.present);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(two))
        .withMessage("port 8080/tcp is in use by container \"name-e1\"")
        .extracting(EngineException::kind)
        .isEqualTo(Kind.CONFLICT);
    assertThat(host.present).containsExactlyElementsOf(before);
    assertThat(two.membership()).isEqualTo(Membership.asked(two.config()));
    connections.end(one);
    assertThat(host.present).noneMatch(line -> line.contains("8080"));
    start(two);
    assertThat(host.present).contains("port 0.0.0.0 8080/tcp to 10.1.0.4 80");
  }

  @Test
  void whatFailsLeavesNothingAndCanBeTriedAgain() throws IOException {
    network("web", "10.1.0.0/24", false, false);
    network("db", "10.2.0.0/24", false, false);
    Container one = container("f1", List.of("80:80"), end("web", 0), end("db", 0));
    var before = List.copyOf(host.present);
    for (String what : List.of("sandbox", "eth0", "eth1", "names")) {
      host.failing = Optional.of(what);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> start(one))
          .withMessage("no " + what + " today");
      assertThat(host.present).containsExactlyElementsOf(before);
    }
    host.failing = Optional.empty();
    try (Connections.Prepared prepared = connections.prepare(one).orElseThrow()) {
      // Nobody is started in it.
      assertThat(prepared.namespace().isOpen()).isTrue();
    }
    assertThat(host.present).containsExactlyElementsOf(before);
    start(one);
    assertThat(networks.find("web").runningEnds()).hasSize(1);
  }

  @Test
  void aNetworkIsNotRemovedUnderAContainer() throws IOException {
    Network web = network("web", "10.1.0.0/24", false, false);
    Container one = container("01", List.of(), end("web", 0));
    start(one);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> networks.remove(web))
        .withMessageContaining("container \"name-01\" runs in it");
    Connections.Rest rest = connections.end(one);
    networks.remove(web);
    rest.run();
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(one))
        .withMessage("no such network: web");
    network("web", "10.7.0.0/24", false, false);
    start(one);
    assertThat(host.present).contains("end eth0 in web [10.7.0.2/24] by [10.7.0.1]");
  }

  @Test
  void theNextEngineFindsWhatRuns() throws IOException {
    network("web", "10.1.0.0/24", false, false);
    Container one = container("02", List.of("80:80"), end("web", 0, "alias"));
    start(one);
    var before = List.copyOf(host.present);
    host.present.add("end eth0 in web of a start that was cut short");
    openEngine();
    StateStore.Found found = store.read(one.id());
    Container same = new Container(found.config(), found.state(), found.membership());
    containers.add(same);
    connections.restore(same);
    connections.begin(List.of(same));
    assertThat(host.present).containsExactlyElementsOf(before);
    Container two = container("03", List.of(), end("web", 0));
    start(two);
    assertThat(host.present).contains("end eth0 in web [10.1.0.3/24] by [10.1.0.1]");
    assertThat(addresses(new ContainerNames(two, networks, new HostResolvers()), "alias"))
        .containsExactly("10.1.0.2");
  }

  @Test
  void linksInTheDefaultBridgeStandInTheHostsFile() throws IOException {
    Container one = container("04", List.of(), end("bridge", 0));
    EndpointRequest linked =
        new EndpointRequest(
            "bridge",
            List.of(),
            List.of("name-04:db"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0);
    Container two = container("05", List.of(), linked);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> start(two))
        .withMessageContaining("cannot link to container \"name-04\": it does not run");
    start(one);
    start(two);
    assertThat(file(two, "hosts"))
        .containsPattern("10\\.210\\.0\\.\\d\tdb %s name-04\n".formatted(one.config().shortId()));
  }

  @Test
  void anAddressOfAnotherSubnetIsRefusedBeforeTheContainerRunsToo() throws IOException {
    network("web", "10.1.0.0/24", false, false);
    Container one = container("06", List.of(), end("bridge", 0));
    EndpointRequest wanted =
        new EndpointRequest(
            "web",
            List.of(),
            List.of(),
            Optional.of("10.2.0.5"),
            Optional.empty(),
            Optional.empty(),
            0);
    Membership before = one.membership();
    ConnectionChanges changes = new ConnectionChanges(networks, connections, new Ids());
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> changes.connect(one, wanted))
        .withMessage("invalid address \"10.2.0.5\": in no subnet of network \"web\"");
    assertThat(one.membership()).isEqualTo(before);
  }
}
