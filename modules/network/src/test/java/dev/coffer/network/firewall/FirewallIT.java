package dev.coffer.network.firewall;

import static dev.coffer.network.firewall.Lab.forward;
import static dev.coffer.network.lab.Host.REFUSED;
import static dev.coffer.network.lab.Host.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets between namespaces that stand for hosts and containers. */
class FirewallIT extends LabFixture {
  private static final Duration SOON = Duration.ofSeconds(1);

  @BeforeEach
  void open() throws Exception {
    bridgesFilter(false);
    firewall = lab.firewall();
    firewall.replace(
        List.of(
            Lab.bridge(1),
            Lab.bridge(2),
            new BridgeRules("br3", Lab.subnets(3), true, true, true, true)),
        List.of());
  }

  /** Whether packets that a bridge passes on are filtered, too, as dockerd and others have it. */
  private static void bridgesFilter(boolean on) throws Exception {
    String value = on ? "1" : "0";
    for (String family : List.of("ip", "ip6")) {
      lab.host.shell(
          "echo " + value + " > /proc/sys/net/bridge/bridge-nf-call-" + family + "tables");
    }
  }

  private void publishWeb() throws Exception {
    firewall.publish(
        List.of(
            forward(Protocol.TCP, "0.0.0.0", 8080, "172.30.1.2", 80),
            forward(Protocol.TCP, "::", 8080, "fd00:1::2", 80),
            forward(Protocol.UDP, "0.0.0.0", 8080, "172.30.1.2", 80),
            forward(Protocol.UDP, "::", 8080, "fd00:1::2", 80)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPublishedPortIsReachedFromEverywhere(boolean bridgesFilter) throws Exception {
    bridgesFilter(bridgesFilter);
    publishWeb();
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.web.serveUdp(new InetSocketAddress(80))) {
      for (boolean datagrams : List.of(false, true)) {
        assertThat(ask(datagrams, lab.other, "192.0.2.1")).isEqualTo("192.0.2.2");
        assertThat(ask(datagrams, lab.other, "2001:db8::1")).isEqualTo("2001:db8::2");
        assertThat(ask(datagrams, lab.host, "192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(ask(datagrams, lab.host, "2001:db8::1")).isEqualTo("2001:db8::1");
        assertThat(ask(datagrams, lab.host, "127.0.0.1")).isEqualTo("172.30.1.1");
        assertThat(ask(datagrams, lab.host, "::1")).isEqualTo(REFUSED);
        assertThat(ask(datagrams, lab.app, "192.0.2.1")).isEqualTo("172.30.1.1");
        assertThat(ask(datagrams, lab.app, "fd00:1::1")).isEqualTo("fd00:1::1");
        assertThat(ask(datagrams, lab.web, "192.0.2.1")).isEqualTo("172.30.1.1");
        assertThat(ask(datagrams, lab.web, "2001:db8::1")).isEqualTo("fd00:1::1");
        assertThat(ask(datagrams, lab.far, "192.0.2.1")).isEqualTo("172.30.1.1");
        assertThat(ask(datagrams, lab.far, "2001:db8::1")).isEqualTo("fd00:1::1");
      }
    }
  }

  private static String ask(boolean datagrams, Host from, String address) throws Exception {
    return datagrams ? from.udp(address, 8080) : from.tcp(address, 8080);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNotPublishedIsReachedFromItsNetworkAndTheHostAlone(boolean bridgesFilter)
      throws Exception {
    bridgesFilter(bridgesFilter);
    publishWeb();
    try (var _ = lab.web.serveTcp(80)) {
      for (String web : List.of("172.30.1.2", "fd00:1::2")) {
        assertThat(lab.other.tcp(web, 80)).isEqualTo(SILENCE);
        assertThat(lab.far.tcp(web, 80)).isEqualTo(SILENCE);
        assertThat(lab.shut.tcp(web, 80)).isEqualTo(SILENCE);
      }
      assertThat(lab.host.tcp("172.30.1.2", 80)).isEqualTo("172.30.1.1");
      assertThat(lab.host.tcp("fd00:1::2", 80)).isEqualTo("fd00:1::1");
      assertThat(lab.app.tcp("172.30.1.2", 80)).isEqualTo("172.30.1.3");
      assertThat(lab.app.tcp("fd00:1::2", 80)).isEqualTo("fd00:1::3");
    }
  }

  @Test
  void withoutTheRulesTheOtherHostWouldReachTheContainer() throws Exception {
    firewall.clear();
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("172.30.1.2", 80)).isEqualTo("192.0.2.2");
      assertThat(lab.far.tcp("172.30.1.2", 80)).isEqualTo("172.30.2.2");
    }
  }

  @Test
  void aPortOfOneAddressIsNotAtOthers() throws Exception {
    firewall.publish(
        List.of(
            forward(Protocol.TCP, "127.0.0.1", 8081, "172.30.1.2", 80),
            forward(Protocol.TCP, "172.30.2.1", 8082, "172.30.1.2", 80),
            forward(Protocol.TCP, "fd00:2::1", 8082, "fd00:1::2", 80)));
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.host.tcp("127.0.0.1", 8081)).isEqualTo("172.30.1.1");
      assertThat(lab.other.tcp("192.0.2.1", 8081)).isEqualTo(REFUSED);
      assertThat(lab.far.tcp("172.30.2.1", 8082)).isEqualTo("172.30.1.1");
      assertThat(lab.far.tcp("fd00:2::1", 8082)).isEqualTo("fd00:1::1");
      assertThat(lab.far.tcp("192.0.2.1", 8082)).isEqualTo(REFUSED);
      // A neighbour that sends packets for the host's loopback.
      lab.other.shell(
          "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet; ip addr del 127.0.0.1/8 dev lo"
              + "; ip route add 127.0.0.1/32 via 192.0.2.1 dev eth0 src 192.0.2.2");
      try {
        assertThat(lab.other.tcp("127.0.0.1", 8081)).isEqualTo(SILENCE);
      } finally {
        lab.other.shell("ip route del 127.0.0.1/32; ip addr add 127.0.0.1/8 dev lo");
      }
    }
  }

  @Test
  void theHostsLoopbackIsOutOfAContainersReach() throws Exception {
    try (var _ = lab.host.serveTcp(7000)) {
      lab.web.shell(
          "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet; ip addr del 127.0.0.1/8 dev lo"
              + "; ip route add 127.0.0.1/32 via 172.30.1.1 dev eth0 src 172.30.1.2");
      try {
        assertThat(lab.web.tcp("127.0.0.1", 7000)).isEqualTo(SILENCE);
        firewall.remove("br1");
        assertThat(lab.web.tcp("127.0.0.1", 7000)).isEqualTo("172.30.1.2");
      } finally {
        lab.web.shell("ip route del 127.0.0.1/32; ip addr add 127.0.0.1/8 dev lo");
      }
    }
  }

  @Test
  void whatLeavesHasTheHostsAddressOrItsOwn() throws Exception {
    try (var _ = lab.other.serveTcp(7000)) {
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(lab.web.tcp("2001:db8::2", 7000)).isEqualTo("2001:db8::1");
      firewall.put(new BridgeRules("br1", Lab.subnets(1), false, false, true, true));
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("172.30.1.2");
      assertThat(lab.web.tcp("2001:db8::2", 7000)).isEqualTo("fd00:1::2");
    }
  }

  @Test
  void anInternalNetworkHasNoWayOutOrIn() throws Exception {
    publishWeb();
    firewall.publish(List.of(forward(Protocol.TCP, "0.0.0.0", 8083, "172.30.3.2", 80)));
    try (var _ = lab.other.serveTcp(7000);
        var _ = lab.web.serveTcp(80);
        var _ = lab.shut.serveTcp(80);
        var _ = lab.host.serveTcp(7001)) {
      assertThat(lab.shut.tcp("192.0.2.2", 7000)).isEqualTo(SILENCE);
      assertThat(lab.shut.tcp("2001:db8::2", 7000)).isEqualTo(SILENCE);
      assertThat(lab.shut.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.shut.tcp("2001:db8::1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("192.0.2.1", 8083)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("172.30.3.2", 80)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("fd00:3::2", 80)).isEqualTo(SILENCE);
      assertThat(lab.shut.tcp("172.30.3.1", 7001)).isEqualTo("172.30.3.2");
      assertThat(lab.host.tcp("172.30.3.2", 80)).isEqualTo("172.30.3.1");
    }
  }

  /** What the bridge passes on by itself is its ports' matter; here is what goes by the host. */
  @Test
  void containersOfANetworkMayBeKeptApart() throws Exception {
    lab.web.shell("ip route add 172.30.1.3/32 via 172.30.1.1");
    lab.web.shell("ip -6 route add fd00:1::3/128 via fd00:1::1");
    lab.host.shell("echo 0 > /proc/sys/net/ipv4/conf/br1/send_redirects");
    try (var _ = lab.app.serveTcp(80)) {
      assertThat(lab.web.tcp("172.30.1.3", 80)).isEqualTo("172.30.1.2");
      firewall.put(new BridgeRules("br1", Lab.subnets(1), false, true, false, true));
      assertThat(lab.web.tcp("172.30.1.3", 80)).isEqualTo(SILENCE);
      assertThat(lab.web.tcp("fd00:1::3", 80)).isEqualTo(SILENCE);
      firewall.publish(List.of(forward(Protocol.TCP, "0.0.0.0", 8084, "172.30.1.3", 80)));
      assertThat(lab.web.tcp("192.0.2.1", 8084)).isEqualTo("172.30.1.1");
    } finally {
      lab.web.shell("ip route del 172.30.1.3/32; ip -6 route del fd00:1::3/128");
    }
  }

  @Test
  void whatAnotherTableDropsStaysDropped() throws Exception {
    publishWeb();
    lab.host.shell(
        "nft 'add table inet theirs; add chain inet theirs f { type filter hook forward priority 10; };"
            + " add rule inet theirs f meta l4proto tcp ct original proto-dst 8080 ip saddr 192.0.2.2 drop'");
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.host.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.1");
      String before = lab.host.shell("nft list table inet theirs");
      firewall.withdraw(List.of(forward(Protocol.TCP, "0.0.0.0", 8080, "172.30.1.2", 80)));
      assertThat(lab.host.shell("nft list table inet theirs")).isEqualTo(before);
    } finally {
      lab.host.shell("nft delete table inet theirs");
    }
  }

  /** The table that docs/networks-firewall.md shows. */
  @Test
  void theHostsRulesSayWhoReachesPublishedPorts() throws Exception {
    publishWeb();
    firewall.publish(List.of(forward(Protocol.TCP, "0.0.0.0", 8443, "172.30.1.2", 80)));
    lab.host.shell(
        """
        nft -f - <<END
        table inet site {
          chain published {
            type filter hook forward priority filter - 10; policy accept;
            ct status dnat ct state new meta l4proto tcp ct original proto-dst 8443 accept
            ct status dnat ct state new ip saddr != 198.51.100.0/24 drop
            ct status dnat ct state new meta nfproto ipv6 drop
          }
        }
        END
        """);
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("2001:db8::1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("192.0.2.1", 8443)).isEqualTo("192.0.2.2");
      assertThat(lab.host.tcp("127.0.0.1", 8080)).isEqualTo("172.30.1.1");
    } finally {
      lab.host.shell("nft delete table inet site");
    }
  }

  @Test
  void aForwardPolicyOfDropClosesPublishedPortsUntilTheyAreOpened() throws Exception {
    publishWeb();
    lab.host.shell(
        """
        nft -f - <<END
        table inet site {
          chain forward {
            type filter hook forward priority filter + 10; policy drop;
            ct state established,related accept
          }
        }
        END
        """);
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.other.serveTcp(7000)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo(SILENCE);
      lab.host.shell("nft add rule inet site forward ct status dnat accept");
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      lab.host.shell("nft add rule inet site forward iifname br1 accept");
      assertThat(lab.web.tcp("192.0.2.2", 7000)).isEqualTo("192.0.2.1");
      assertThat(lab.far.tcp("172.30.1.2", 80)).isEqualTo(SILENCE);
    } finally {
      lab.host.shell("nft delete table inet site");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "delete table inet coffer",
        "flush table inet coffer",
        "flush chain inet coffer forward",
        "flush map inet coffer anyports4",
        "delete element inet coffer bridges { br1 }"
      })
  void whatOthersDeleteComesBack(String command) throws Exception {
    publishWeb();
    String before = table();
    lab.host.shell("nft '" + command + "'");
    WaitFor.condition("restored", SOON, () -> table().equals(before));
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(lab.far.tcp("172.30.1.2", 80)).isEqualTo(SILENCE);
    }
  }

  @Test
  void aThousandNetworksAndPortsComeBackAndStay() throws Exception {
    List<BridgeRules> bridges = new ArrayList<>();
    List<PortForward> forwards = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      bridges.add(new BridgeRules("net" + i, Lab.subnets(1), false, true, true, true));
      forwards.add(forward(Protocol.TCP, "0.0.0.0", 10_000 + i, "172.30.1.2", 80));
    }
    firewall.replace(bridges, forwards);
    lab.host.shell("nft flush ruleset");
    WaitFor.condition("restored", Duration.ofSeconds(2), () -> table().contains("tcp . 10999 "));
    assertThat(table()).contains("chain hairpin-net999 {");
    String handle = handle();
    for (int round = 0; round < 10; round++) {
      assertThat(handle()).isEqualTo(handle);
    }
  }

  /** One that is written anew gets another one. */
  private static String handle() throws Exception {
    return lab.host.shell("nft -j list tables");
  }

  @Test
  void aChangeRightAfterAFlushFindsNothingMissing() throws Exception {
    publishWeb();
    for (int round = 0; round < 20; round++) {
      lab.host.shell("nft flush ruleset");
      PortForward more = forward(Protocol.TCP, "0.0.0.0", 9000 + round, "172.30.1.2", 80);
      firewall.publish(List.of(more));
      assertThat(table()).contains("tcp . 8080 : 172.30.1.2 . 80");
      firewall.withdraw(List.of(more));
    }
    assertThat(table()).doesNotContain("9000");
  }

  /** Lets a reader of rules see what they are; nft's text is the second opinion on the encoding. */
  @Test
  void theTableReadsAsItIsMeant() throws Exception {
    firewall.publish(
        List.of(
            forward(Protocol.TCP, "0.0.0.0", 8080, "172.30.1.2", 80),
            forward(Protocol.SCTP, "192.0.2.1", 9, "172.30.2.2", 7),
            forward(Protocol.UDP, "2001:db8::1", 53, "fd00:1::2", 5353),
            forward(Protocol.TCP, "::", 443, "fd00:2::2", 8443)));
    firewall.put(new BridgeRules("br2", Lab.subnets(2), false, false, false, true));
    try (InputStream golden = FirewallIT.class.getResourceAsStream("table.nft")) {
      assertThat(sorted(table()))
          .isEqualTo(sorted(new String(golden.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  /** Elements come in no order, on lines of their own. */
  static String sorted(String table) {
    return Pattern.compile("elements = \\{ ([^}]*) \\}")
        .matcher(table)
        .replaceAll(
            elements ->
                Stream.of(elements.group(1).split(",\\s+"))
                    .sorted()
                    .collect(Collectors.joining(", ", "elements = { ", " }")));
  }

  private static String table() throws Exception {
    return lab.host.shell("nft list table inet coffer");
  }

  @Test
  void aWithdrawnPortIsGoneForConnectionsUnderWay() throws Exception {
    PortForward udp = forward(Protocol.UDP, "0.0.0.0", 8080, "172.30.1.2", 80);
    PortForward six = forward(Protocol.UDP, "2001:db8::1", 8080, "fd00:1::2", 80);
    firewall.publish(List.of(udp, six));
    try (var _ = lab.web.serveUdp(new InetSocketAddress(80));
        var _ = lab.app.serveUdp(new InetSocketAddress(80));
        DatagramChannel client = lab.other.udpClient("192.0.2.1", 8080);
        DatagramChannel client6 = lab.other.udpClient("2001:db8::1", 8080)) {
      assertThat(Host.ask(client)).isEqualTo("192.0.2.2");
      assertThat(Host.ask(client6)).isEqualTo("2001:db8::2");
      firewall.withdraw(List.of(udp, six));
      WaitFor.condition("forgotten", SOON, () -> Host.ask(client).equals(REFUSED));
      WaitFor.condition("forgotten", SOON, () -> Host.ask(client6).equals(REFUSED));
      firewall.publish(
          List.of(
              forward(Protocol.UDP, "0.0.0.0", 8080, "172.30.1.3", 80),
              forward(Protocol.UDP, "2001:db8::1", 8080, "fd00:1::3", 80)));
      // The connection that the host answered with an error is tracked for half a minute.
      WaitFor.condition("answered", SOON, () -> Host.ask(client).equals("192.0.2.2"));
      WaitFor.condition("answered", SOON, () -> Host.ask(client6).equals("2001:db8::2"));
    }
  }

  @Test
  void aPlaceIsMovedToAnotherContainer() throws Exception {
    publishWeb();
    firewall.publish(List.of(forward(Protocol.TCP, "0.0.0.0", 8080, "172.30.2.2", 80)));
    try (var _ = lab.far.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
    }
  }

  @Test
  void theNextEngineTakesOverWithoutABreak() throws Exception {
    publishWeb();
    firewall.close();
    assertThat(table()).contains("tcp . 8080");
    firewall = lab.firewall();
    firewall.replace(
        List.of(Lab.bridge(1)), List.of(forward(Protocol.TCP, "0.0.0.0", 81, "172.30.1.2", 80)));
    assertThat(table()).contains("tcp . 81 ").doesNotContain("8080").doesNotContain("br2");
  }

  @Test
  void aNameServerIsFoundAtItsUsualPort() throws Exception {
    InetSocketAddress address = new InetSocketAddress(Host.of("127.0.0.11"), 4053);
    try (var _ = lab.web.serveUdp(address);
        var _ = lab.web.serveTcp(4053);
        NetlinkSocket socket =
            lab.thread.in(
                lab.web.namespace(),
                () ->
                    dev.coffer.kernel.NetlinkSocket.open(
                        dev.coffer.kernel.NetlinkSocket.NETFILTER))) {
      assertThat(lab.web.udp("127.0.0.11", 53)).isEqualTo(REFUSED);
      ResolverRedirect.install(socket, "coffer", 4053);
      ResolverRedirect.install(socket, "coffer", 4053);
      for (int round = 0; round < 3; round++) {
        assertThat(lab.web.udp("127.0.0.11", 53)).isEqualTo("127.0.0.1");
        assertThat(lab.web.tcp("127.0.0.11", 53)).isEqualTo("127.0.0.1");
      }
    } finally {
      lab.web.shell("nft flush ruleset");
    }
  }
}
