package dev.coffer.network.host;

import static dev.coffer.network.host.Site.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Nothing is left of networks and ends that have gone. Shown for a thousand networks and ten
 * thousand ends with {@code -Dcoffer.networks=1000 -Dcoffer.connects=10000}, which takes minutes.
 */
class ManyNetworksIT {
  private static final int NETWORKS = Integer.getInteger("coffer.networks", 60);
  private static final int CONNECTS = Integer.getInteger("coffer.connects", 300);
  private static final int CLIENTS = 4;
  private static final int FIRST_PORT = 10_000;

  private static NetworkSpec network(int number) {
    String prefix = "10.%d.%d.".formatted(100 + number / 250, number % 250);
    AddressRange range = Site.range(prefix + "0/24", prefix + "1");
    return new NetworkSpec(
        "%064x".formatted(number),
        "net" + number,
        Driver.BRIDGE,
        "cf-" + number,
        Optional.empty(),
        List.of(range),
        false,
        true,
        true,
        Optional.empty(),
        1500,
        Optional.empty());
  }

  private static EndpointSpec endpoint(NetworkSpec network, int round) {
    EndpointSpec bare = end(network, 2 + round % 200);
    PortForward port =
        new PortForward(
            Protocol.TCP,
            Host.of("0.0.0.0"),
            FIRST_PORT + round,
            bare.addresses().getFirst().address(),
            80);
    return end(network, 2 + round % 200, port);
  }

  @Test
  void nothingIsLeft() throws Exception {
    try (Site site = new Site()) {
      // A router, on which nothing needs to be said of what else it passes on.
      site.host.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
      long open = descriptors();
      String devices = site.host.shell("ip -o link");
      List<NetworkSpec> networks =
          IntStream.range(0, NETWORKS).mapToObj(ManyNetworksIT::network).toList();
      for (NetworkSpec each : networks) {
        site.networks.create(each);
      }
      site.restart();
      site.networks.replace(networks, List.of());
      connectAndRelease(site, networks);
      assertThat(site.host.shell("nft list table inet coffer")).doesNotContain("tcp . ");
      WaitFor.condition(
          "devices are removed",
          Duration.ofSeconds(10),
          () -> !site.host.shell("ip -o link").contains("cv-"));
      for (NetworkSpec each : networks) {
        site.networks.remove(each);
      }
      assertThat(site.host.shell("ip -o link")).isEqualTo(devices);
      assertThat(site.host.shell("nft list ruleset")).isEmpty();
      // Channels of other tests may be closed only now.
      assertThat(descriptors()).isLessThanOrEqualTo(open);
    }
  }

  private static void connectAndRelease(Site site, List<NetworkSpec> networks) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int round = 0; round < CONNECTS; round++) {
        int number = round;
        ends.add(
            clients.submit(
                () -> {
                  connectAndRelease(site, networks.get(number % networks.size()), number);
                  return number;
                }));
      }
      for (Future<?> each : ends) {
        each.get();
      }
    }
  }

  private static void connectAndRelease(Site site, NetworkSpec network, int round)
      throws IOException {
    EndpointSpec end = endpoint(network, round);
    try (Sandbox sandbox = site.networks.sandbox(Optional.empty())) {
      site.networks.connect(sandbox, network, end);
    }
    site.networks.release(network, end);
  }

  /** Those of sockets and namespaces; what the JVM opens for itself are files. */
  private static long descriptors() throws IOException {
    long count = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : open) {
        String target = Files.exists(each) ? Files.readSymbolicLink(each).toString() : "";
        count += target.startsWith("socket:") || target.startsWith("net:") ? 1 : 0;
      }
    }
    return count;
  }
}
