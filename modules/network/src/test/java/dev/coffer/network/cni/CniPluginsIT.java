package dev.coffer.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.lab.Host;
import dev.coffer.network.namespace.NamespaceThread;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plugins of Debian's containernetworking-plugins, on a namespace that stands for the host,
 * with another host beside it.
 *
 * <pre>
 *   other 192.0.2.2 ── 192.0.2.1 host
 * </pre>
 */
class CniPluginsIT {
  private static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

  @TempDir Path directory;
  private NamespaceThread visitor;
  private NamespaceThread home;
  private Host host;
  private Host other;
  private Cni cni;

  @BeforeEach
  void open() throws IOException {
    visitor = NamespaceThread.start();
    host = Host.create(visitor);
    other = Host.create(visitor);
    home = NamespaceThread.start(host.namespace());
    host.shell(
        "ip link add eth0 type veth peer name eth0 netns "
            + other.path()
            + "; ip addr add 192.0.2.1/24 dev eth0; ip link set eth0 up");
    other.shell("ip addr add 192.0.2.2/24 dev eth0; ip link set eth0 up");
    cni = engine();
  }

  /** As it is opened once more after a crash. */
  private Cni engine() {
    return new Cni(
        PluginPath.USUAL,
        PATH,
        PluginProcess.of(home),
        StandIns.by(home),
        directory.resolve("memory"));
  }

  @AfterEach
  void close() {
    home.close();
    other.close();
    host.close();
    visitor.close();
  }

  private NetworkList list(String version, String first, String more) {
    return ShellPlugins.list(
        """
        {"cniVersion":"%s","name":"pods","plugins":[{%s,"ipMasq":true,"ipam":{"type":"host-local",
          "dataDir":"%s","ranges":[[{"subnet":"10.9.0.0/24"}],[{"subnet":"fd00:9::/64"}]],
          "routes":[{"dst":"0.0.0.0/0"}]},"dns":{"nameservers":["192.0.2.53"]}}%s]}
        """
            .formatted(version, first, directory.resolve("leases"), more));
  }

  private NetworkList bridged(String version) {
    return list(
        version,
        "\"type\":\"bridge\",\"bridge\":\"cni0\",\"isGateway\":true,\"hairpinMode\":true",
        """
        ,{"type":"portmap","capabilities":{"portMappings":true}},{"type":"tuning"}""");
  }

  private static Attachment place(String id, int hostPort) {
    JsonObject port =
        JsonObject.builder()
            .put("hostPort", hostPort)
            .put("containerPort", 80)
            .put("protocol", "tcp")
            .build();
    return new Attachment(
        id,
        "eth0",
        Map.of("IgnoreUnknown", "1"),
        hostPort == 0
            ? JsonObject.EMPTY
            : JsonObject.builder().put("portMappings", JsonArray.of(port)).build());
  }

  private static String address(CniResult result) {
    return Subnet.text(result.addresses("eth0").getFirst().address());
  }

  /** What was asked of them stays after the containers, until it is taken back. */
  private List<String> left() throws IOException {
    String rules = host.shell("iptables-save; ip6tables-save; nft list ruleset");
    List<String> lines =
        rules.lines().filter(line -> line.contains("10.9.0.") || line.contains("fd00:9:")).toList();
    try (Stream<Path> leases =
        Files.exists(directory.resolve("leases/pods"))
            ? Files.list(directory.resolve("leases/pods"))
            : Stream.empty()) {
      List<String> names =
          leases
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("10.9") || name.startsWith("fd00"))
              .toList();
      return Stream.concat(lines.stream(), names.stream()).toList();
    }
  }

  @Test
  void bridgeHostLocalAndPortmapInEachVersion() throws Exception {
    for (String version : List.of("0.3.1", "0.4.0", "1.0.0")) {
      try (Host web = Host.create(visitor);
          Host client = Host.create(visitor);
          AutoCloseable _ = web.serveTcp(80);
          AutoCloseable _ = other.serveTcp(7000)) {
        NetworkList network = bridged(version);
        CniResult webs = cni.add(network, place("web", 8080), web.path());
        CniResult clients = cni.add(network, place("client", 0), client.path());

        assertThat(client.tcp(address(webs), 80)).isEqualTo(address(clients));
        assertThat(other.tcp("192.0.2.1", 8080)).isEqualTo("192.0.2.2");
        assertThat(client.tcp("192.0.2.2", 7000)).as("goes out as the host").isEqualTo("192.0.2.1");
        assertThat(webs.addresses("eth0")).hasSize(2);
        assertThat(webs.gateways()).extracting(Subnet::text).containsExactly("10.9.0.1");
        assertThat(webs.dns().servers()).containsExactly("192.0.2.53");
        assertThat(webs.mac("eth0")).contains(mac(web));

        Remembered place = cni.remembered(network.name(), "web", "eth0").orElseThrow();
        cni.del(place, Optional.of(web.path()));
        cni.del(place, Optional.of(web.path()));
        cni.del(cni.remembered().getFirst(), Optional.of(client.path()));

        assertThat(other.tcp("192.0.2.1", 8080)).isEqualTo(Host.REFUSED);
        assertThat(web.shell("ip -br link")).doesNotContain("eth0");
        assertThat(left()).as(version).isEmpty();
        assertThat(cni.remembered()).isEmpty();
      }
    }
  }

  private static String mac(Host of) throws IOException {
    return of.shell("ip link show eth0 | awk '/link.ether/{print $2}'").strip();
  }

  @Test
  void nothingIsLeftOfContainersWhoseNamespaceHasGone() throws Exception {
    for (NetworkList network : List.of(bridged("1.0.0"), list("1.0.0", "\"type\":\"ptp\"", ""))) {
      for (int i = 0; i < 3; i++) {
        try (Host container = Host.create(visitor)) {
          var _ = cni.add(network, place("c" + i, 0), container.path());
        }
      }
      assertThat(left()).isNotEmpty();

      cni = engine();
      cni.gc(network, List.of());

      assertThat(left()).as(network.plugins().getFirst().type()).isEmpty();
      assertThat(cni.remembered()).isEmpty();
    }
  }

  @Test
  void checkSeesWhatIsMissing() throws Exception {
    try (Host container = Host.create(visitor)) {
      NetworkList network = bridged("0.4.0");
      var _ = cni.add(network, place("web", 0), container.path());
      Remembered place = cni.remembered(network.name(), "web", "eth0").orElseThrow();
      cni.check(place, container.path());
      container.shell("ip link del eth0");

      assertThatExceptionOfType(CniException.class)
          .isThrownBy(() -> cni.check(place, container.path()))
          .withMessageStartingWith("network \"pods\" is not as it should be: plugin \"bridge\": ");
      cni.del(place, Optional.of(container.path()));
    }
  }

  @Test
  void anErrorOfAPluginIsToldAndNothingIsLeft() throws Exception {
    NetworkList network = list("1.0.0", "\"type\":\"bridge\",\"bridge\":\"lo\"", "");
    try (Host container = Host.create(visitor)) {
      assertThatExceptionOfType(CniException.class)
          .isThrownBy(() -> cni.add(network, place("web", 0), container.path()))
          .withMessageStartingWith("cannot connect to network \"pods\": plugin \"bridge\": ")
          .withMessageContaining("(code 999)");
      assertThat(left()).isEmpty();
      assertThat(cni.remembered()).isEmpty();
    }
  }

  @Test
  void aVersionThatAPluginDoesNotSpeakIsItsError() throws Exception {
    NetworkList network = bridged("1.1.0");
    List<SpecVersion> spoken = cni.versions(network, network.plugins().getFirst());
    assertThat(spoken).contains(SpecVersion.V0_3_1, SpecVersion.V0_4_0, SpecVersion.V1_0_0);
    if (!spoken.contains(SpecVersion.V1_1_0)) {
      try (Host container = Host.create(visitor)) {
        assertThatExceptionOfType(CniException.class)
            .isThrownBy(() -> cni.add(network, place("web", 0), container.path()))
            .withMessageContaining("incompatible CNI versions")
            .satisfies(e -> assertThat(e.code()).isEqualTo(1));
      }
    }
  }

  @Test
  void loopbackAndBandwidth() throws Exception {
    NetworkList network =
        ShellPlugins.list(
            """
            {"cniVersion":"1.0.0","name":"pods","plugins":[{"type":"ptp","ipam":{"type":"host-local",
              "dataDir":"%s","subnet":"10.9.0.0/24"}},
              {"type":"bandwidth","capabilities":{"bandwidth":true}}]}
            """
                .formatted(directory.resolve("leases")));
    NetworkList loopback =
        ShellPlugins.list(
            "{\"cniVersion\":\"1.0.0\",\"name\":\"lo\",\"plugins\":[{\"type\":\"loopback\"}]}");
    JsonObject limits =
        JsonObject.builder()
            .put("ingressRate", 8_000_000)
            .put("ingressBurst", 8_000_000)
            .put("egressRate", 8_000_000)
            .put("egressBurst", 8_000_000)
            .build();
    Attachment limited =
        new Attachment(
            "web", "eth0", Map.of(), JsonObject.builder().put("bandwidth", limits).build());
    try (Host container = Host.create(visitor)) {
      container.shell("ip link set lo down");
      var _ =
          cni.add(
              loopback, new Attachment("web", "lo", Map.of(), JsonObject.EMPTY), container.path());
      var _ = cni.add(network, limited, container.path());

      assertThat(container.shell("ip link show lo")).contains("LOOPBACK,UP");
      assertThat(host.shell("tc qdisc show")).contains("tbf").contains("rate 8Mbit");
      for (Remembered each : cni.remembered()) {
        cni.del(each, Optional.of(container.path()));
      }
      assertThat(host.shell("tc qdisc show; ip link")).doesNotContain("tbf").doesNotContain("bwp");
      assertThat(left()).isEmpty();
    }
  }
}
