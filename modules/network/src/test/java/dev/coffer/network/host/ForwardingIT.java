package dev.coffer.network.host;

import static dev.coffer.network.host.Site.bridge;
import static dev.coffer.network.lab.Host.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host between two others that passes no packets on, until it does so for containers.
 *
 * <pre>
 *   other 192.0.2.2 ── 192.0.2.1 host 198.51.100.1 ── 198.51.100.2 beyond
 * </pre>
 */
@Timeout(60)
class ForwardingIT extends SiteFixture {
  private static final String BEYOND = "198.51.100.2";
  private static final String BEYOND_IPV6 = "2001:db8:1::2";

  private final NetworkSpec network = bridge(11, true);
  private Host beyond;
  private AutoCloseable server;

  @BeforeEach
  void buildBeyond() throws Exception {
    beyond = Host.create(site.visitor);
    // New namespaces may have it from the one that the test runs in.
    forwards(0);
    site.host.shell("ip link add eth1 type veth peer name eth0 netns " + beyond.path());
    site.host.shell(own("eth1", 1));
    beyond.shell(
        own("eth0", 2)
            + "; ip route add default via 198.51.100.1"
            + "; ip -6 route add default via 2001:db8:1::1");
    // The kernel takes up to a second until it has the link's own addresses.
    site.host.shell("until ip -6 addr show eth1 | grep -q fe80:; do sleep 0.02; done");
    beyond.shell("until ip -6 addr show eth0 | grep -q fe80:; do sleep 0.02; done");
    site.other.shell("ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8::1");
    server = beyond.serveTcp(80);
  }

  private static String own(String device, int number) {
    return """
    echo 0 > /proc/sys/net/ipv6/conf/D/accept_dad; ip link set D up
    ip addr add 198.51.100.N/24 dev D; ip -6 addr add 2001:db8:1::N/64 dev D nodad"""
        .replace("D", device)
        .replace("N", Integer.toString(number));
  }

  private void forwards(int on) throws Exception {
    site.host.shell(
        "for each in ipv4/ip_forward ipv6/conf/all/forwarding; do echo "
            + on
            + " > /proc/sys/net/$each; done");
  }

  @AfterEach
  void demolishBeyond() throws Exception {
    server.close();
    beyond.close();
  }

  private void passesOn(boolean expected) throws Exception {
    assertThat(site.other.tcp(BEYOND, 80)).isEqualTo(expected ? "192.0.2.2" : SILENCE);
    assertThat(site.other.tcp(BEYOND_IPV6, 80)).isEqualTo(expected ? "2001:db8::2" : SILENCE);
  }

  @Test
  void itGoesOnToPassNothingBetweenOthers() throws Exception {
    site.networks.create(network);
    passesOn(false);
    PortForward port =
        new PortForward(Protocol.TCP, Host.of("0.0.0.0"), 8080, Host.of("10.11.0.2"), 80);
    try (Host web = site.container(network, 2, port);
        var _ = web.serveTcp(80)) {
      assertThat(web.tcp(BEYOND, 80)).isEqualTo("198.51.100.1");
      assertThat(web.tcp(BEYOND_IPV6, 80)).isEqualTo("2001:db8:1::1");
      assertThat(site.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(beyond.tcp("198.51.100.1", 8080)).isEqualTo(BEYOND);
    }
  }

  @Test
  void theNextEngineKnowsOfItAndTheNextBootDoesNot() throws Exception {
    site.networks.create(network);
    site.restart();
    site.networks.replace(List.of(network), List.of());
    passesOn(false);
    String note = Files.readString(site.forwarding());
    Files.writeString(site.forwarding(), note.replaceAll("(\"boot\": *\").", "$1-"));
    site.restart();
    site.networks.replace(List.of(network), List.of());
    passesOn(true);
  }

  @Test
  void itOutlivesTheLastNetworkAndAFlush() throws Exception {
    site.networks.create(network);
    site.host.shell("nft flush ruleset");
    WaitFor.condition(
        "the table is back",
        Duration.ofSeconds(5),
        () -> site.host.shell("nft list ruleset").contains("chain elsewhere"));
    passesOn(false);
    site.networks.remove(network);
    passesOn(false);
    site.restart();
    site.networks.replace(List.of(), List.of());
    passesOn(false);
  }

  @Test
  void aHostThatDidItBeforeIsLeftAlone() throws Exception {
    forwards(1);
    site.networks.create(network);
    passesOn(true);
    assertThat(site.forwarding()).doesNotExist();
  }

  @Test
  void anInternalNetworkAsksForNothing() throws Exception {
    site.networks.create(bridge(11, true, true, true, 0));
    passesOn(false);
    assertThat(site.host.shell("cat /proc/sys/net/ipv4/ip_forward").strip()).isEqualTo("0");
  }

  @Test
  void ofOneFamilyOnlyThatOneIsRestricted() throws Exception {
    site.host.shell("echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
    site.networks.create(network);
    assertThat(site.other.tcp(BEYOND, 80)).isEqualTo(SILENCE);
    assertThat(site.other.tcp(BEYOND_IPV6, 80)).isEqualTo("2001:db8::2");
  }

  /** Engines that come later find that the host passes packets on, and rely on it. */
  @Test
  void bridgesOfOthersWorkUnlessTheHostHadThemBefore() throws Exception {
    site.host.shell("ip link add br-old type bridge; ip link set br-old up");
    site.networks.create(network);
    site.host.shell("ip link add br-new type bridge; ip link set br-new up");
    try (Host before = onBridge("br-old", 31);
        Host after = onBridge("br-new", 32)) {
      assertThat(before.tcp("198.51.100.2", 80)).isEqualTo(SILENCE);
      assertThat(after.tcp("198.51.100.2", 80)).isEqualTo("10.32.0.2");
    }
  }

  /** Such as of the plugin ptp. */
  @Test
  void devicesOfContainersThatAreInNoBridgeWork() throws Exception {
    site.networks.create(network);
    try (Host guest = Host.create(site.visitor)) {
      site.host.shell(
          "ip link add g1 type veth peer name eth0 netns "
              + guest.path()
              + "; ip link set g1 up; ip addr add 10.41.0.1/24 dev g1");
      guest.shell(
          "ip addr add 10.41.0.2/24 dev eth0; ip link set eth0 up"
              + "; ip route add default via 10.41.0.1");
      assertThat(guest.tcp(BEYOND, 80)).isEqualTo(SILENCE);
      site.networks.letPass(Set.of("g1"));
      assertThat(guest.tcp(BEYOND, 80)).isEqualTo("10.41.0.2");
      site.networks.letPass(Set.of());
      assertThat(guest.tcp(BEYOND, 80)).isEqualTo(SILENCE);
    }
  }

  private Host onBridge(String bridge, int number) throws Exception {
    Host guest = Host.create(site.visitor);
    site.host.shell(
        """
        ip addr add 10.N.0.1/16 dev BRIDGE
        ip link add gN type veth peer name eth0 netns PATH
        ip link set gN master BRIDGE up
        """
            .replace("BRIDGE", bridge)
            .replace("PATH", guest.path())
            .replace("N", Integer.toString(number)));
    guest.shell(
        "ip addr add 10.N.0.2/16 dev eth0; ip link set eth0 up; ip route add default via 10.N.0.1"
            .replace("N", Integer.toString(number)));
    return guest;
  }
}
