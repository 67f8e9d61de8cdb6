package dev.coffer.network.firewall;

import static dev.coffer.network.firewall.Lab.forward;
import static dev.coffer.network.lab.Host.REFUSED;
import static dev.coffer.network.lab.Host.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host says of packets that it receives, and who reaches its published ports by that. */
class InputIT extends LabFixture {
  private static final Duration SOON = Duration.ofSeconds(2);

  @BeforeEach
  void open() throws Exception {
    firewall = lab.firewall();
    firewall.replace(List.of(Lab.bridge(1), Lab.bridge(2)), List.of());
    publish(8080);
    try (var _ = lab.web.serveTcp(80)) {
      // Else a silence could be that of neighbours who do not know each other yet.
      WaitFor.condition(
          "the neighbours know each other",
          Duration.ofSeconds(20),
          () ->
              lab.other.tcp("192.0.2.1", 8080).equals("192.0.2.2")
                  && lab.other.tcp("2001:db8::1", 8080).equals("2001:db8::2"));
    }
  }

  /** What a test has said for the host goes before what is ours. */
  @AfterEach
  void flush() throws Exception {
    lab.host.shell("nft flush ruleset");
  }

  private void publish(int port) throws Exception {
    firewall.publish(
        List.of(
            forward(Protocol.TCP, "0.0.0.0", port, "172.30.1.2", 80),
            forward(Protocol.TCP, "::", port, "fd00:1::2", 80),
            forward(Protocol.UDP, "0.0.0.0", port, "172.30.1.2", 80),
            forward(Protocol.UDP, "::", port, "fd00:1::2", 80)));
  }

  private static void nft(String rules) throws Exception {
    lab.host.shell("nft -f - <<'END'\n" + rules + "\nEND\n");
  }

  /** What a client of the other host gets, once the host's rules are followed. */
  private static void answers(String expected, String address, int port) {
    WaitFor.condition(
        expected + " at " + address + " " + port,
        SOON,
        () -> lab.other.tcp(address, port).equals(expected));
  }

  private static void filterInput(String rules) throws Exception {
    nft(
        "table inet site {\n chain in {\n type filter hook input priority filter; policy drop;\n"
            + rules
            + "\n}\n}");
  }

  @Test
  void aPolicyOfDropClosesPortsUntilARuleOpensThem() throws Exception {
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.web.serveUdp(new InetSocketAddress(80))) {
      answers("192.0.2.2", "192.0.2.1", 8080);
      filterInput("ct state established,related accept\nmeta l4proto ipv6-icmp accept");
      answers(SILENCE, "192.0.2.1", 8080);
      assertThat(lab.other.tcp("2001:db8::1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.other.udp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.other.udp("2001:db8::1", 8080)).isEqualTo(SILENCE);

      assertThat(lab.host.tcp("127.0.0.1", 8080)).as("loopback").isEqualTo("172.30.1.1");
      assertThat(lab.host.tcp("192.0.2.1", 8080)).as("the host").isEqualTo("192.0.2.1");
      assertThat(lab.host.tcp("2001:db8::1", 8080)).as("the host").isEqualTo("2001:db8::1");
      assertThat(lab.far.tcp("192.0.2.1", 8080)).as("a container").isEqualTo("172.30.1.1");
      assertThat(lab.web.tcp("192.0.2.1", 8080)).as("itself").isEqualTo("172.30.1.1");
      assertThat(lab.app.tcp("172.30.1.2", 80)).as("a neighbour").isEqualTo("172.30.1.3");

      lab.host.shell("nft add rule inet site in tcp dport 8080 accept");
      answers("192.0.2.2", "192.0.2.1", 8080);
      assertThat(lab.other.tcp("2001:db8::1", 8080)).isEqualTo("2001:db8::2");
      assertThat(lab.other.udp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      lab.host.shell("nft add rule inet site in udp dport 8080 accept");
      WaitFor.condition("udp", SOON, () -> lab.other.udp("192.0.2.1", 8080).equals("192.0.2.2"));
      assertThat(lab.other.udp("2001:db8::1", 8080)).isEqualTo("2001:db8::2");

      lab.host.shell("nft delete table inet site");
      WaitFor.condition("no copies are left", SOON, () -> copies().isEmpty());
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
    }
    assertThat(firewall.notice()).isEmpty();
  }

  private static String copies() throws Exception {
    return lab.host.shell("nft list tables | grep coffer-input- || true");
  }

  @Test
  void aPortThatIsPublishedLaterIsClosedFromTheFirst() throws Exception {
    filterInput("ct state established accept\nmeta l4proto ipv6-icmp accept");
    WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
    try (var _ = lab.web.serveTcp(80)) {
      publish(8090);
      assertThat(lab.other.tcp("192.0.2.1", 8090)).isEqualTo(SILENCE);
      assertThat(lab.other.tcp("2001:db8::1", 8090)).isEqualTo(SILENCE);
      firewall.withdraw(List.of(forward(Protocol.TCP, "0.0.0.0", 8090, "172.30.1.2", 80)));
      assertThat(ports()).as("still by IPv6").contains("tcp . 8090", "udp . 8090");
      firewall.withdraw(
          List.of(
              forward(Protocol.TCP, "::", 8090, "fd00:1::2", 80),
              forward(Protocol.UDP, "::", 8090, "fd00:1::2", 80),
              forward(Protocol.UDP, "0.0.0.0", 8090, "172.30.1.2", 80)));
      assertThat(ports()).doesNotContain("8090").contains("tcp . 8080");
    }
  }

  private static String ports() throws Exception {
    return lab.host.shell("nft list set inet coffer-input-site coffer-ports");
  }

  /** Whatever changes, and whenever a packet comes. */
  @Test
  void aClosedPortIsNeverOpenForAMoment() throws Exception {
    filterInput("ct state established accept\nmeta l4proto ipv6-icmp accept");
    WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
    AtomicInteger asked = new AtomicInteger();
    Set<String> answers = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();
    try (var _ = lab.web.serveUdp(new InetSocketAddress(80));
        DatagramChannel client = lab.other.udpClient("192.0.2.1", 8090)) {
      Thread asking =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!done.get()) {
                      try {
                        client.write(ByteBuffer.wrap(new byte[] {'?'}));
                        asked.incrementAndGet();
                      } catch (IOException refused) {
                        // Told so while it is not published; sent again in any case.
                      }
                    }
                  });
      client.configureBlocking(false);
      for (int round = 0; round < 100; round++) {
        PortForward port = forward(Protocol.UDP, "0.0.0.0", 8090, "172.30.1.2", 80);
        firewall.publish(List.of(port));
        if (round % 10 == 0) {
          lab.host.shell("nft add rule inet site in tcp dport " + (9000 + round) + " accept");
        }
        firewall.withdraw(List.of(port));
        ByteBuffer answer = ByteBuffer.allocate(100);
        try {
          if (client.read(answer) > 0) {
            answers.add(StandardCharsets.UTF_8.decode(answer.flip()).toString());
          }
        } catch (IOException refused) {
          // Not published.
        }
      }
      done.set(true);
      asking.join();
    }
    assertThat(asked).hasPositiveValue();
    assertThat(answers).isEmpty();
  }

  @Test
  void sourcesAreObeyed() throws Exception {
    filterInput(
        """
        ct state established accept
        meta l4proto ipv6-icmp accept
        ip saddr 192.0.2.0/24 tcp dport { 8080, 9000-9010 } accept
        ip6 saddr 2001:db8:1::/64 tcp dport 8080 accept
        """);
    try (var _ = lab.web.serveTcp(80)) {
      WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      assertThat(lab.other.tcp("2001:db8::1", 8080)).isEqualTo(SILENCE);
    }
  }

  /** As fail2ban does it. */
  @Test
  void whoIsBannedIsBanned() throws Exception {
    nft(
        """
        table inet ban {
          set banned {
            type ipv4_addr
            flags interval, timeout
            elements = { 198.51.100.0/24 timeout 1h }
          }
          chain in {
            type filter hook input priority -1; policy accept;
            ip saddr @banned drop
          }
        }
        """);
    try (var _ = lab.web.serveTcp(80)) {
      WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      lab.host.shell("nft 'add element inet ban banned { 192.0.2.2 timeout 1h }'");
      answers(SILENCE, "192.0.2.1", 8080);
      lab.host.shell("nft 'delete element inet ban banned { 192.0.2.2 }'");
      answers("192.0.2.2", "192.0.2.1", 8080);
    }
  }

  @Test
  void aListThatIsTooLongClosesPorts() throws Exception {
    lab.host.shell(
        """
        awk 'BEGIN {
          print "table inet site { chain in { type filter hook input priority 0; policy drop;"
          printf "ip saddr { 10.0.0.0"
          for (i = 1; i <= 100000; i++)
            printf ", 10.%d.%d.%d", i / 65536, i / 256 % 256, i % 256
          print " } drop; accept"
          print "}"
          print "}"
        }' | nft -f -
        """);
    try (var _ = lab.web.serveTcp(80)) {
      WaitFor.condition("seen", Duration.ofSeconds(20), () -> firewall.notice().isPresent());
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(firewall.notice().orElseThrow())
          .isEqualTo(
              "table \"inet site\" cannot be asked about published ports: too many rules and"
                  + " elements");
    }
  }

  @Test
  void whatIsRejectedIsToldSo() throws Exception {
    filterInput("tcp dport 8080 reject with tcp reset\nudp dport 8080 reject");
    answers(REFUSED, "192.0.2.1", 8080);
    assertThat(lab.other.udp("192.0.2.1", 8080)).isEqualTo(REFUSED);
  }

  @Test
  void whatIsUnderWayGoesOn() throws Exception {
    try (var _ = lab.web.serveUdp(new InetSocketAddress(80));
        DatagramChannel client = lab.other.udpClient("192.0.2.1", 8080)) {
      assertThat(Host.ask(client)).isEqualTo("192.0.2.2");
      filterInput("");
      WaitFor.condition("closed", SOON, () -> lab.other.udp("192.0.2.1", 8080).equals(SILENCE));
      assertThat(Host.ask(client)).isEqualTo("192.0.2.2");
    }
  }

  @Test
  void chainsAreAskedInTheirOrderAndOneIsEnoughToDrop() throws Exception {
    nft(
        """
        table ip late {
          chain in { type filter hook input priority 20; policy accept;
            meta mark 0x77 drop
          }
        }
        table inet early {
          chain in { type filter hook input priority -20; policy accept;
            tcp dport 8080 meta mark set 0x77 accept
          }
        }
        """);
    try (var _ = lab.web.serveTcp(80)) {
      answers(SILENCE, "192.0.2.1", 8080);
      assertThat(lab.other.tcp("2001:db8::1", 8080)).isEqualTo("2001:db8::2");
    }
  }

  @Test
  void aReturnLeadsToThePolicy() throws Exception {
    filterInput("tcp dport 8080 return\naccept");
    try (var _ = lab.web.serveTcp(80)) {
      answers(SILENCE, "192.0.2.1", 8080);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "delete table inet coffer-input-site",
        "flush table inet coffer-input-site",
        "add element inet coffer-input-site coffer-trusted { eth0 }",
        "delete element inet coffer-input-site coffer-ports { tcp . 8080 }"
      })
  void whatOthersChangeInACopyComesBack(String command) throws Exception {
    String site = "ct state established accept\nmeta l4proto ipv6-icmp accept";
    filterInput(site);
    WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
    String before = lab.host.shell("nft list table inet coffer-input-site");
    if (command.equals("flush ruleset")) {
      nft(
          "flush ruleset\ntable inet site {\n chain in {\n type filter hook input priority filter;"
              + " policy drop;\n"
              + site
              + "\n}\n}");
    } else {
      lab.host.shell("nft '" + command + "'");
    }
    WaitFor.condition(
        "restored",
        SOON,
        () -> lab.host.shell("nft list table inet coffer-input-site || true").equals(before));
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo(SILENCE);
      assertThat(lab.host.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.1");
    }
  }

  @Test
  void aNetworkMayBeOpenAllTheSame() throws Exception {
    filterInput("ct state established accept\nmeta l4proto ipv6-icmp accept");
    firewall.put(new BridgeRules("br1", Lab.subnets(1), false, true, true, false));
    try (var _ = lab.web.serveTcp(80)) {
      assertThat(lab.other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
      firewall.put(Lab.bridge(1));
      answers(SILENCE, "192.0.2.1", 8080);
    }
  }

  @Test
  void whatDropsNothingIsNotCopied() throws Exception {
    nft(
        """
        table ip filter {
          chain OWN { tcp dport 53 counter accept
          }
          chain INPUT { type filter hook input priority 0; policy accept;
            iifname "virbr0" jump OWN
          }
        }
        """);
    // Heard in the same order, so what comes later shows that this was read.
    filterInput("accept");
    WaitFor.condition("copied", SOON, () -> copies().contains("coffer-input-site"));
    assertThat(copies()).doesNotContain("filter");
    lab.host.shell("nft add rule ip filter OWN drop");
    WaitFor.condition("copied", SOON, () -> copies().contains("coffer-input-filter"));
    lab.host.shell("nft 'add table ip filter { flags dormant; }'");
    WaitFor.condition("asleep", SOON, () -> !copies().contains("coffer-input-filter"));
  }

  /** All that a rule may name, and nft's text as the second opinion on the copy. */
  @Test
  void aCopySaysTheSame() throws Exception {
    String rules = resource("site.nft");
    nft(rules);
    WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
    assertThat(firewall.notice()).isEmpty();
    String copy =
        lab.host
            .shell("nft list table inet coffer-input-site")
            .replaceAll("coffer-chain[0-9]+", "coffer-chain0");
    assertThat(FirewallIT.sorted(copy)).isEqualTo(FirewallIT.sorted(resource("site-copy.nft")));
  }

  private static String resource(String name) throws Exception {
    try (var golden = InputIT.class.getResourceAsStream(name)) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Those that iptables writes, with matches and targets of its own. */
  @Test
  void rulesOfIptablesAreObeyed() throws Exception {
    for (String iptables : List.of("iptables", "ip6tables")) {
      lab.host.shell(
          """
          IPT -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
          IPT -A INPUT -p tcp -m multiport --dports 8080,8081 -m comment --comment web -j ACCEPT
          IPT -A INPUT -p tcp -m limit --limit 3/min -j LOG --log-prefix "[x] "
          IPT -A INPUT -m addrtype --dst-type LOCAL -p udp -j REJECT
          IPT -A INPUT -p tcp --dport 8083 -j REJECT --reject-with tcp-reset
          IPT -A INPUT ! -p tcp -j ACCEPT
          IPT -P INPUT DROP
          """
              .replace("IPT", iptables));
    }
    for (int port = 8081; port <= 8083; port++) {
      publish(port);
    }
    try (var _ = lab.web.serveTcp(80);
        var _ = lab.web.serveUdp(new InetSocketAddress(80))) {
      for (String host : List.of("192.0.2.1", "2001:db8::1")) {
        answers(SILENCE, host, 8082);
        answers(REFUSED, host, 8083);
        assertThat(lab.other.tcp(host, 8080)).isNotEqualTo(SILENCE).isNotEqualTo(REFUSED);
        assertThat(lab.other.tcp(host, 8081)).isNotEqualTo(SILENCE).isNotEqualTo(REFUSED);
        assertThat(lab.other.udp(host, 8080)).isEqualTo(REFUSED);
      }
    }
    assertThat(firewall.notice()).isEmpty();
    assertThat(lab.host.shell("iptables -S; ip6tables -S")).contains("--reject-with tcp-reset");
  }

  /** A rule that may stand at input alone. */
  @ParameterizedTest
  @CsvSource({"synproxy, silence", "meta sdif 0 accept, 192.0.2.2"})
  void whatCannotBeAskedClosesPortsBehindIt(String rule, String answer) throws Exception {
    filterInput("tcp dport 8081 accept\n" + rule + "\ntcp dport 8080 accept");
    publish(8081);
    WaitFor.condition("refused", SOON, () -> firewall.notice().isPresent());
    try (var _ = lab.web.serveTcp(80)) {
      answers(answer, "192.0.2.1", 8080);
      answers("192.0.2.2", "192.0.2.1", 8081);
    }
    assertThat(firewall.notice().orElseThrow())
        .startsWith("rule ")
        .contains("of chain \"in\" in table \"inet site\" cannot be asked about published ports:");
  }

  @Test
  void theNextEngineTakesOver() throws Exception {
    filterInput("ct state established accept\nmeta l4proto ipv6-icmp accept");
    WaitFor.condition("copied", SOON, () -> !copies().isEmpty());
    firewall.close();
    lab.host.shell(
        "nft rename chain inet site in entry; nft 'add table ip other {"
            + " chain in { type filter hook input priority 0; policy drop; }; }'");
    firewall = lab.firewall();
    firewall.replace(List.of(Lab.bridge(1)), List.of());
    assertThat(copies()).contains("inet coffer-input-site", "ip coffer-input-other");
    assertThat(lab.host.shell("nft list table inet coffer-input-site"))
        .contains("chain entry")
        .doesNotContain("8080");
    lab.host.shell("nft delete table inet site; nft delete table ip other");
    WaitFor.condition("no copies are left", SOON, () -> copies().isEmpty());
  }
}
