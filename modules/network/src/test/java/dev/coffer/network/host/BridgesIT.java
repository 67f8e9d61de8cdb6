package dev.coffer.network.host;

import static dev.coffer.network.host.Site.bridge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.lab.Host;
import dev.coffer.testkit.WaitFor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bridges' devices as others on the host see and touch them. */
@Timeout(60)
class BridgesIT extends SiteFixture {
  private static final Duration SOON = Duration.ofSeconds(5);

  @Test
  void aBridgeThatSomebodyRemovedComesBack() throws Exception {
    NetworkSpec network = bridge(11, false);
    site.networks.create(network);
    site.host.shell("ip link del cf-11");
    try (Host web = site.container(network, 2);
        Host app = site.container(network, 3);
        var _ = web.serveTcp(80)) {
      assertThat(app.tcp("10.11.0.2", 80)).isEqualTo("10.11.0.3");
    }
  }

  /** Its container is about to start when it is removed. */
  @Test
  void aNetworkThatWasRemovedDoesNotComeBack() throws Exception {
    NetworkSpec network = bridge(11, false);
    site.networks.create(network);
    site.networks.remove(network);
    assertThatThrownBy(() -> site.container(network, 2))
        .hasMessage("cannot connect to network \"net11\": it was removed");
    assertThat(site.devices()).containsExactlyInAnyOrder("lo", "eth0");
    site.networks.create(network);
    site.container(network, 2).close();
  }

  /** Else an engine that is killed at that moment leaves a device that nobody takes for its own. */
  @Test
  void aDeviceIsMarkedBeforeItHasItsName() throws Exception {
    Process monitor =
        new ProcessBuilder(
                "nsenter", "--net=" + site.host.path(), "ip", "-o", "-d", "monitor", "link")
            .start();
    try (var lines = monitor.inputReader()) {
      WaitFor.condition("it listens", SOON, () -> listens(monitor.pid()));
      site.networks.create(bridge(11, false));
      site.networks.remove(bridge(11, false));
      List<String> seen = new ArrayList<>();
      for (String line = lines.readLine();
          line != null && !line.startsWith("Deleted");
          line = lines.readLine()) {
        seen.add(line);
      }
      assertThat(seen)
          .filteredOn(line -> line.contains(" cf-11: "))
          .isNotEmpty()
          .allMatch(line -> line.contains("alias " + Site.MARK));
    } finally {
      monitor.destroyForcibly();
    }
  }

  private boolean listens(long pid) throws IOException {
    return site.host
        .shell("cat /proc/net/netlink")
        .lines()
        .map(line -> line.trim().split(" +"))
        .anyMatch(line -> line[2].equals("" + pid) && !line[3].equals("00000000"));
  }

  @Test
  void aChangedNetworkIsCorrected() throws Exception {
    site.networks.create(bridge(11, true));
    NetworkSpec other = bridge(12, false, false, true, 1300);
    NetworkSpec changed =
        new NetworkSpec(
            bridge(11, true).id(),
            "net11",
            other.driver(),
            "cf-11",
            Optional.empty(),
            other.ranges(),
            false,
            true,
            true,
            Optional.empty(),
            1300,
            Optional.empty());
    site.networks.create(changed);
    assertThat(site.host.shell("ip addr show cf-11"))
        .contains("10.12.0.1/16", "mtu 1300", "02:42:0a:0c:00:01")
        .doesNotContain("10.11.", "inet6");
  }
}
