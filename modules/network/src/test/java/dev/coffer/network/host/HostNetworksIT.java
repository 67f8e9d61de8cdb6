package dev.coffer.network.host;

import static dev.coffer.network.host.Site.bridge;
import static dev.coffer.network.host.Site.end;
import static dev.coffer.network.lab.Host.REFUSED;
import static dev.coffer.network.lab.Host.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of a host, made and used in network namespaces. */
@Timeout(60)
class HostNetworksIT extends SiteFixture {
  private static final Duration SOON = Duration.ofSeconds(5);

  private static PortForward port(int hostPort, String container, int containerPort) {
    String everywhere = container.contains(":") ? "::" : "0.0.0.0";
    return new PortForward(
        Protocol.TCP, Host.of(everywhere), hostPort, Host.of(container), containerPort);
  }

  @Test
  void containersOfANetworkReachEachOtherAndTheWorld() throws Exception {
    NetworkSpec network = bridge(11, true);
    site.networks.create(network);
    site.networks.create(network);
    try (Host web = site.container(network, 2);
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80);
        var _ = site.other.serveTcp(7000);
        var _ = site.host.serveTcp(7001)) {
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo("10.11.0.3");
      assertThat(app.tcp("fd00:11::2", 80)).isEqualTo("fd00:11::3");
      assertThat(app.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(app.tcp("2001:db8::2", 7000)).isEqualTo("2001:db8::1");
      assertThat(app.tcp("10.11.0.1", 7001)).isEqualTo("10.11.0.3");
      assertThat(app.tcp("fd00:11::1", 7001)).isEqualTo("fd00:11::3");
      assertThat(site.other.tcp("10.11.0.2", 80)).isEqualTo(SILENCE);
      assertThat(site.other.tcp("fd00:11::2", 80)).isEqualTo(SILENCE);
    }
  }

  @Test
  void aNetworkWithIpv6AloneWorks() throws Exception {
    NetworkSpec both = bridge(11, true);
    NetworkSpec network =
        new NetworkSpec(
            both.id(),
            both.name(),
            both.driver(),
            both.device(),
            Optional.empty(),
            both.ranges().subList(1, 2),
            false,
            true,
            true,
            Optional.empty(),
            0,
            Optional.empty());
    site.networks.create(network);
    try (Host web = site.container(network, 2);
        var _ = site.other.serveTcp(7000)) {
      assertThat(web.tcp("2001:db8::2", 7000)).isEqualTo("2001:db8::1");
      assertThat(web.shell("ip -4 addr show eth0")).isEmpty();
    }
  }

  @Test
  void aNetworkWithoutIpv6HasNone() throws Exception {
    NetworkSpec network = bridge(11, false);
    site.networks.create(network);
    try (Host web = site.container(network, 2)) {
      assertThat(web.shell("ip -6 addr show eth0")).isEmpty();
      assertThat(web.shell("ip -6 addr show lo")).contains("::1/128");
      assertThat(site.host.shell("ip -6 addr show cf-11")).isEmpty();
    }
  }

  /** Without waiting a second, however busy the kernel is with devices of others. */
  @Test
  void theFirstPacketBetweenNewNeighboursArrives() throws Exception {
    NetworkSpec network = bridge(11, true);
    site.networks.create(network);
    AtomicBoolean done = new AtomicBoolean();
    Thread others = Thread.ofPlatform().start(() -> comeAndGo(done));
    List<Host> all = new ArrayList<>();
    try {
      for (int number = 2; number < 40; number++) {
        Host each = site.container(network, number);
        all.add(each);
        assertThat(each.tcp("fd00:11::" + Integer.toHexString(number == 2 ? 1 : number - 1), 9))
            .isEqualTo(REFUSED);
      }
    } finally {
      done.set(true);
      others.join();
      all.forEach(Host::close);
    }
  }

  private void comeAndGo(AtomicBoolean done) {
    while (!done.get()) {
      try {
        site.other.shell("ip link add p0 type veth peer name p1; ip link del p0");
        Host.create(site.visitor).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void networksAreKeptApart() throws Exception {
    NetworkSpec one = bridge(11, true);
    NetworkSpec two = bridge(12, true);
    site.networks.create(one);
    site.networks.create(two);
    try (Host web = site.container(one, 2, port(8080, "10.11.0.2", 80));
        Host far = site.container(two, 2);
        var _ = web.serveTcp(80)) {
      assertThat(far.tcp("10.11.0.2", 80)).isEqualTo(SILENCE);
      assertThat(far.tcp("fd00:11::2", 80)).isEqualTo(SILENCE);
      assertThat(far.tcp("10.12.0.1", 8080)).isEqualTo("10.11.0.1");
    }
  }

  @Test
  void anInternalNetworkCannotLeave() throws Exception {
    NetworkSpec network = bridge(11, true, true, true, 0);
    site.networks.create(network);
    try (Host web = site.container(network, 2);
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80);
        var _ = site.other.serveTcp(7000)) {
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo("10.11.0.3");
      assertThatThrownBy(() -> app.tcp("192.0.2.2", 7000))
          .hasMessageContaining("Network is unreachable");
      app.shell("ip route add default via 10.11.0.1; ip -6 route add default via fd00:11::1");
      site.host.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
      assertThat(app.tcp("192.0.2.2", 7000)).isEqualTo(SILENCE);
      assertThat(app.tcp("2001:db8::2", 7000)).isNotEqualTo("2001:db8::1");
    }
  }

  @Test
  void containersMayBeKeptFromEachOther() throws Exception {
    site.host.shell("echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables");
    NetworkSpec network = bridge(11, true, false, false, 0);
    site.networks.create(network);
    try (Host web = site.container(network, 2, port(8080, "10.11.0.2", 80));
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80);
        var _ = site.other.serveTcp(7000)) {
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo(SILENCE);
      assertThat(app.tcp("fd00:11::2", 80)).isEqualTo(SILENCE);
      assertThat(app.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(app.tcp("192.0.2.1", 8080)).isEqualTo("10.11.0.1");
    }
  }

  @Test
  void aPublishedPortIsReachedFromEverywhereWithTheSendersAddress() throws Exception {
    NetworkSpec network = bridge(11, true);
    site.networks.create(network);
    EndpointSpec end = end(network, 2, port(8080, "10.11.0.2", 80), port(8080, "fd00:11::2", 80));
    try (Host web = site.container(network, end);
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80)) {
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(site.other.tcp("2001:db8::1", 8080)).isEqualTo("2001:db8::2");
      assertThat(site.host.tcp("127.0.0.1", 8080)).isEqualTo("10.11.0.1");
      assertThat(app.tcp("192.0.2.1", 8080)).isEqualTo("10.11.0.1");
      assertThat(web.tcp("192.0.2.1", 8080)).isEqualTo("10.11.0.1");
      assertThat(web.tcp("2001:db8::1", 8080)).isEqualTo("fd00:11::1");
      site.networks.release(network, end);
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo(REFUSED);
      site.networks.release(network, end);
      // The namespace lives on.
      WaitFor.condition("removed", SOON, () -> ports("cf-11").size() == 1);
    }
  }

  @Test
  void aContainerIsInSeveralNetworks() throws Exception {
    NetworkSpec one = bridge(11, true);
    NetworkSpec two = bridge(12, true);
    site.networks.create(one);
    site.networks.create(two);
    try (Host web = site.container(one, 2);
        Sandbox sandbox = Site.sandbox(web)) {
      EndpointSpec second = end(two, "eth1", 2);
      site.networks.connect(sandbox, two, second);
      assertThat(web.shell("ip route show default")).contains("via 10.12.0.1 dev eth1");
      site.networks.route(sandbox, List.of(Host.of("10.11.0.1"), Host.of("fd00:11::1")));
      assertThat(web.shell("ip route show default"))
          .contains("via 10.11.0.1 dev eth0")
          .doesNotContain("eth1");
      assertThat(web.shell("ip -6 route show default"))
          .contains("via fd00:11::1 dev eth0")
          .doesNotContain("eth1");
      site.networks.disconnect(sandbox, two, second);
      assertThat(web.shell("ip link")).contains("eth0").doesNotContain("eth1");
      site.networks.connect(sandbox, two, second);
      assertThatThrownBy(() -> site.networks.connect(sandbox, two, end(two, "eth1", 5)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot connect to network \"net12\": netlink(\"create devices")
          .hasMessageContaining("EEXIST");
      assertThat(ports("cf-12")).hasSize(1);
    }
  }

  private List<String> ports(String bridge) throws IOException {
    return site.host.shell("ip -o link show master " + bridge).lines().toList();
  }

  @Test
  void devicesHaveTheAddressAndSizeThatWasAskedFor() throws Exception {
    NetworkSpec network = bridge(11, false, false, true, 1400);
    site.networks.create(network);
    EndpointSpec usual = end(network, 2);
    EndpointSpec end =
        new EndpointSpec(
            "net0",
            usual.addresses(),
            MacAddress.parse("02:00:00:00:00:05"),
            usual.gateways(),
            List.of());
    try (Host web = site.container(network, end)) {
      assertThat(web.shell("ip link show net0"))
          .contains("mtu 1400")
          .contains("link/ether 02:00:00:00:00:05");
      assertThat(web.shell("ip addr show net0")).contains("10.11.0.2/16 brd 10.11.255.255");
      assertThat(site.host.shell("ip link show cf-11"))
          .contains("mtu 1400")
          .contains("link/ether 02:42:0a:0b:00:01");
    }
  }

  @Test
  void aNetworkMayCarryLessThanIpv6Wants() throws Exception {
    NetworkSpec network = bridge(11, false, false, true, 576);
    site.networks.create(network);
    try (Host web = site.container(network, 2);
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80)) {
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo("10.11.0.3");
      assertThat(app.shell("ip link show eth0")).contains("mtu 576");
    }
  }

  @Test
  void theUsualSizeIsWhatTheHostsWayOutCarries() throws Exception {
    site.networks.create(bridge(11, false));
    assertThat(site.host.shell("ip link show cf-11")).contains("mtu 1500");
    site.host.shell("ip link set eth0 mtu 1380; ip route add default via 192.0.2.2");
    site.networks.create(bridge(12, false));
    assertThat(site.host.shell("ip link show cf-12")).contains("mtu 1380");
    site.host.shell("ip link set eth0 mtu 9000");
    site.networks.create(bridge(13, false));
    assertThat(site.host.shell("ip link show cf-13")).contains("mtu 1500");
  }

  @Test
  void theHostKeepsItsRoutesFromNeighboursAndTakesNoneFromContainers() throws Exception {
    site.networks.create(bridge(11, false));
    assertThat(setting("ipv6/conf/all/forwarding")).isEqualTo("0");
    assertThat(setting("ipv4/ip_forward")).isEqualTo("1");
    assertThat(setting("ipv4/conf/cf-11/route_localnet")).isEqualTo("1");
    site.networks.create(bridge(12, true));
    assertThat(setting("ipv6/conf/all/forwarding")).isEqualTo("1");
    assertThat(setting("ipv6/conf/eth0/accept_ra")).isEqualTo("2");
    assertThat(setting("ipv6/conf/cf-12/accept_ra")).isEqualTo("0");
  }

  private String setting(String name) throws IOException {
    return site.host.shell("cat /proc/sys/net/" + name).strip();
  }

  @Test
  void aDeviceThatIsNotOursIsLeftAlone() throws Exception {
    site.host.shell("ip link add cf-11 type bridge; ip addr add 10.99.0.1/16 dev cf-11");
    String before = site.host.shell("ip -d link show cf-11");
    assertThatThrownBy(() -> site.networks.create(bridge(11, false)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot create bridge \"cf-11\": the host has a device of this name that is not ours");
    site.networks.remove(bridge(11, false));
    site.networks.replace(List.of(), List.of());
    assertThat(site.host.shell("ip -d link show cf-11")).isEqualTo(before);
  }

  @Test
  void theNextEngineRemovesWhatNoRecordHas() throws Exception {
    // Else what it is not to pass on outlives the last network.
    site.host.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
    NetworkSpec kept = bridge(11, false);
    NetworkSpec gone = bridge(12, false);
    site.networks.create(kept);
    site.networks.create(gone);
    EndpointSpec webEnd = end(kept, 2, port(8080, "10.11.0.2", 80));
    try (Host web = site.container(kept, webEnd);
        Host half = site.container(kept, 3);
        Host lost = site.container(gone, 2);
        HostNetworks others = site.open("coffer:others", "others");
        var _ = web.serveTcp(80)) {
      others.create(bridge(13, false));
      site.host.shell("ip link add mine type bridge");
      site.restart();
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      site.networks.replace(List.of(kept), List.of(new Endpoint(kept, webEnd)));
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(half.shell("ip -o link")).doesNotContain("eth0");
      assertThat(lost.shell("ip -o link")).doesNotContain("eth0");
      assertThat(site.devices()).contains("cf-11", "cf-13", "mine").doesNotContain("cf-12");
      assertThat(ports("cf-11")).hasSize(1);
      others.remove(bridge(13, false));
      assertThat(site.host.shell("nft list tables")).doesNotContain("others").contains("coffer");
    }
    site.networks.remove(kept);
    assertThat(site.devices()).containsExactlyInAnyOrder("lo", "eth0", "mine");
    assertThat(site.host.shell("nft list ruleset")).isEmpty();
  }

  @Test
  void whatCannotBeMadeIsTriedWithTheOthers() throws Exception {
    site.host.shell("ip link add cf-11 type bridge");
    assertThatThrownBy(
            () -> site.networks.replace(List.of(bridge(11, false), bridge(12, false)), List.of()))
        .hasMessageContaining("cannot create bridge \"cf-11\"");
    assertThat(site.devices()).contains("cf-12");
  }

  @Test
  void aNetworkThatCannotBeMadeLeavesNoRules() throws Exception {
    NetworkSpec network = bridge(11, false, false, true, 65_535);
    NetworkSpec clash = bridge(12, false);
    site.networks.create(network);
    assertThat(site.host.shell("ip link show cf-11")).contains("mtu 65535");
    site.host.shell("ip link add cf-12 type veth peer name other");
    assertThatThrownBy(() -> site.networks.create(clash)).hasMessageContaining("not ours");
    assertThat(site.host.shell("nft list table inet coffer")).doesNotContain("cf-12");
  }

  @Test
  void anAddressIsTakenFromAContainerThatIsOnItsWayOut() throws Exception {
    NetworkSpec network = bridge(11, false);
    site.networks.create(network);
    try (Host old = site.container(network, 2);
        Host fresh = site.container(network, 2);
        Host app = site.container(network, 3);
        var _ = fresh.serveTcp(80)) {
      assertThat(old.shell("ip -o link")).doesNotContain("eth0");
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo("10.11.0.3");
    }
  }

  @Test
  void routesAreTold() throws Exception {
    site.networks.create(bridge(11, true));
    site.host.shell("ip route add 10.77.0.0/16 via 192.0.2.2; ip route add default via 192.0.2.2");
    assertThat(site.networks.routes())
        .extracting(Subnet::toString)
        .contains("10.11.0.0/16", "fd00:11::/64", "192.0.2.0/24", "10.77.0.0/16")
        .doesNotContain("0.0.0.0/0");
  }

  @Test
  void namespacesAreReadyForTheDefaultNetwork() throws Exception {
    NetworkSpec network = bridge(210, false);
    site.networks.create(network);
    site.networks.sandbox(Optional.of(network)).close();
    WaitFor.condition("prepared", SOON, () -> ports("cf-210").size() == 4);
    try (Sandbox sandbox = site.networks.sandbox(Optional.of(network));
        Host app = site.container(network, 3);
        Host web = new Host(site.visitor, sandbox.namespace());
        var _ = web.serveTcp(80)) {
      EndpointSpec ready = sandbox.prepared().orElseThrow().spec();
      String address = Subnet.text(ready.addresses().getFirst().address());
      EndpointSpec end =
          new EndpointSpec(
              ready.device(),
              ready.addresses(),
              ready.mac(),
              ready.gateways(),
              List.of(port(8080, address, 80)));
      String before = web.shell("ip -o link");
      site.networks.connect(sandbox, network, end);
      assertThat(web.shell("ip -o link")).isEqualTo(before);
      assertThat(app.tcp(address, 80)).isEqualTo("10.210.0.3");
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      site.networks.release(network, end);
    }
    site.networks.discardPrepared();
    WaitFor.condition("discarded", SOON, () -> ports("cf-210").isEmpty());
    for (int i = 0; i < 4; i++) {
      assertThat(site.addresses.pool.holder(Host.of("10.210.128." + (i + 1)))).isEmpty();
    }
  }

  @Test
  void anEndThatIsOtherThanThePreparedOneIsMade() throws Exception {
    NetworkSpec network = bridge(210, false);
    site.networks.create(network);
    site.networks.sandbox(Optional.of(network)).close();
    WaitFor.condition("prepared", SOON, () -> ports("cf-210").size() == 4);
    try (Sandbox sandbox = site.networks.sandbox(Optional.of(network));
        Host web = new Host(site.visitor, sandbox.namespace())) {
      site.networks.connect(sandbox, network, end(network, 7));
      assertThat(web.shell("ip -o addr show eth0")).contains("10.210.0.7/16");
    }
  }

  private static NetworkSpec lan(Driver driver, String parent, Optional<String> mode) {
    return new NetworkSpec(
        "%064x".formatted(50),
        "lan",
        driver,
        "",
        Optional.of(parent),
        List.of(Site.range("192.0.2.0/24", "192.0.2.2")),
        false,
        true,
        true,
        Optional.empty(),
        0,
        mode);
  }

  @Test
  void anIpvlanIsANeighbourWhereTheKernelHasIt() throws Exception {
    NetworkSpec network = lan(Driver.IPVLAN, "eth0", Optional.empty());
    site.networks.create(network);
    boolean there;
    try (Host web = site.container(network, 50);
        var _ = web.serveTcp(80)) {
      there = true;
      assertThat(site.other.tcp("192.0.2.50", 80)).isEqualTo("192.0.2.2");
    } catch (IOException e) {
      there = false;
      assertThat(e).hasMessage("cannot connect to network \"lan\": the kernel has no ipvlan");
    }
    assertThat(there).isEqualTo(kernelHasIpvlan());
  }

  private boolean kernelHasIpvlan() {
    try {
      site.other.shell("ip link add probe link eth0 type ipvlan");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMacvlanIsANeighbourOfOtherHosts(boolean vepa) throws Exception {
    NetworkSpec network =
        lan(Driver.MACVLAN, "eth0", vepa ? Optional.of("vepa") : Optional.empty());
    site.networks.create(network);
    EndpointSpec first = end(network, 50);
    try (Host web = site.container(network, first);
        Host app = site.container(network, 51);
        Sandbox sandbox = Site.sandbox(web);
        var _ = web.serveTcp(80)) {
      assertThat(site.other.tcp("192.0.2.50", 80)).isEqualTo("192.0.2.2");
      assertThat(app.tcp("192.0.2.50", 80).equals("192.0.2.51")).isEqualTo(!vepa);
      assertThat(web.shell("ip -d link show eth0"))
          .contains("macvlan mode " + (vepa ? "vepa" : "bridge"))
          .contains("02:42:c0:00:02:32");
      assertThatThrownBy(() -> site.networks.connect(sandbox, network, end(network, 52)))
          .hasMessageContaining("cannot connect to network \"lan\"")
          .hasMessageContaining("EEXIST");
      assertThat(web.shell("ip -o link").lines()).hasSize(2);
      assertThat(site.devices()).containsExactlyInAnyOrder("lo", "eth0");
      site.networks.disconnect(sandbox, network, first);
      assertThat(web.shell("ip -o link").lines()).hasSize(1);
    }
  }

  @Test
  void aParentThatIsPartOfABridgeIsNamed() throws Exception {
    NetworkSpec network = lan(Driver.MACVLAN, "eth0", Optional.empty());
    site.networks.create(network);
    site.host.shell("ip link add br0 type bridge && ip link set eth0 master br0");
    assertThatThrownBy(() -> site.container(network, 50))
        .hasMessageContaining("\"eth0\" has devices of another kind, or is part of a bridge");
  }

  @Test
  void aMissingParentIsNamed() {
    NetworkSpec network = lan(Driver.MACVLAN, "eth7", Optional.empty());
    assertThatThrownBy(() -> site.networks.create(network))
        .hasMessage("the host has no device \"eth7\"");
  }

  @Test
  void manyAtOnceGetTheirOwn() throws Exception {
    NetworkSpec network = bridge(11, false);
    site.networks.create(network);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int own = i;
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 5; round++) {
                      int number = 100 * own + round + 2;
                      try (Host _ = site.container(network, number)) {
                        site.networks.release(network, end(network, number));
                      } catch (IOException e) {
                        synchronized (failures) {
                          failures.add(e);
                        }
                      }
                    }
                  });
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    WaitFor.condition("removed", SOON, () -> ports("cf-11").isEmpty());
  }

  @Test
  void theWayOutIsTheOneThatIsSaidWhateverOthersThereAre() throws Exception {
    NetworkSpec first = bridge(1, true);
    NetworkSpec second = bridge(2, true);
    site.networks.create(first);
    site.networks.create(second);
    try (Host container = site.container(first, 2);
        Sandbox sandbox = Site.sandbox(container)) {
      site.networks.connect(sandbox, second, end(second, "eth1", 2).withoutPorts());
      container.shell(
          "ip route append default via 10.1.0.1; ip route append default via 10.2.0.1;"
              + " ip -6 route append default via fd00:1::1");
      for (NetworkSpec each : List.of(first, second, first)) {
        site.networks.route(sandbox, each.ranges().stream().map(AddressRange::gateway).toList());
        String routes = container.shell("ip route show default; ip -6 route show default");
        assertThat(routes.lines())
            .hasSize(2)
            .allMatch(line -> line.contains(each.equals(first) ? "dev eth0" : "dev eth1"));
      }
    }
  }

  @Test
  void aHostMayHaveItsIpv6SwitchedOff() throws Exception {
    site.host.shell(
        "for each in all default; do echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done");
    NetworkSpec four = bridge(1, false);
    NetworkSpec both = bridge(2, true);
    site.networks.create(four);
    site.networks.create(both);
    try (Host web = site.container(four, 2);
        Host client = site.container(four, 3);
        Host web6 = site.container(both, 2);
        Host client6 = site.container(both, 3);
        AutoCloseable _ = web.serveTcp(80);
        AutoCloseable _ = web6.serveTcp(80);
        AutoCloseable _ = site.other.serveTcp(7000)) {
      assertThat(client.tcp("10.1.0.2", 80)).isEqualTo("10.1.0.3");
      assertThat(client.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(client6.tcp("fd00:2::2", 80)).isEqualTo("fd00:2::3");
      assertThat(client6.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
    }
  }
}
