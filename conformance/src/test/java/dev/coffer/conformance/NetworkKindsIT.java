package dev.coffer.conformance;

import static dev.coffer.conformance.Coffer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What containers of the several kinds of networks reach, IPv4 and IPv6, seen from inside them. */
class NetworkKindsIT {

  private static final String SILENCE = "SILENCE";

  private static NetworkLab lab;
  private static Coffer coffer;
  private static Path directory;

  @BeforeAll
  static void open() throws Exception {
    directory = Files.createTempDirectory("coffer-kinds");
    lab = new NetworkLab(directory);
    coffer = Coffer.open(lab.host());
    lab.onOther("ip -6 route add fd00:8::/32 via 2001:db8::1");
    lab.serveOnOther(7000);
  }

  @AfterAll
  static void close() {
    coffer.close();
    lab.close();
    Coffer.delete(directory);
  }

  @AfterEach
  void nothingIsLeft() {
    List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
    remove.addAll(coffer.run("ps", "-aq").ok().lines());
    if (remove.size() > 3) {
      coffer.run(remove.toArray(String[]::new)).ok();
    }
    coffer.run("network", "prune", "-f").ok();
    assertThat(lab.links()).doesNotContain("cf-");
  }

  private static void serve(String name, String network, String... options) {
    Stream<String> command =
        Stream.of(
                Stream.of("run", "-d", "--name", name, "--network", network),
                lab.programMounts().stream(),
                Arrays.stream(options),
                Stream.of("busybox", "perl", "/peer.pl", "serve", "80"))
            .flatMap(each -> each);
    coffer.run(command.toArray(String[]::new)).ok();
    eventually(() -> coffer.run("logs", name).ok().out().equals("ready\n"));
  }

  private static void createOnLink(String driver, String mode) {
    coffer
        .run(
            "network",
            "create",
            "-d",
            driver,
            "-o",
            "parent=eth0",
            "-o",
            driver + "_mode=" + mode,
            "--subnet",
            "192.0.2.0/24",
            "--gateway",
            "192.0.2.2",
            "--ipv6",
            "--subnet",
            "2001:db8::/64",
            "--gateway",
            "2001:db8::2",
            "wire")
        .ok();
  }

  /** Some kernels have none; then that is what is said. */
  private static boolean isMissing(String driver, String network) {
    String found =
        lab.onHost(
            "ip link add x0 link eth0 type %s 2> /dev/null && ip link del x0 && echo yes; true"
                .formatted(driver));
    boolean missing = !found.equals("yes");
    if (missing) {
      coffer
          .run("run", "--rm", "--network", network, "busybox", "true")
          .fails(125, "\"" + network + "\": the kernel has no " + driver);
    }
    return missing;
  }

  private static String ask(String from, String address, int port) {
    return coffer
        .run("exec", from, "perl", "/peer.pl", "ask", "tcp", address, Integer.toString(port))
        .ok()
        .out();
  }

  /** Containers have addresses of their own on the host's link: neighbours see these. */
  @ParameterizedTest
  @ValueSource(strings = {"macvlan bridge", "ipvlan l2"})
  void containersAreOnTheHostsLink(String kind) {
    String[] words = kind.split(" ");
    createOnLink(words[0], words[1]);
    if (isMissing(words[0], "wire")) {
      return;
    }
    serve("web", "wire", "--ip", "192.0.2.50", "--ip6", "2001:db8::50");
    serve("app", "wire", "--ip", "192.0.2.51", "--ip6", "2001:db8::51");

    assertThat(ask("app", "192.0.2.50", 80)).isEqualTo("192.0.2.51");
    assertThat(ask("app", "2001:db8::50", 80)).isEqualTo("2001:db8::51");
    assertThat(ask("app", "web", 80)).isIn("192.0.2.51", "2001:db8::51");
    assertThat(ask("app", "192.0.2.2", 7000)).isEqualTo("192.0.2.51");
    assertThat(ask("app", "2001:db8::2", 7000)).isEqualTo("2001:db8::51");
    assertThat(lab.askFromOther("tcp", "192.0.2.50", 80)).isEqualTo("192.0.2.2");
    assertThat(lab.askFromOther("tcp", "2001:db8::50", 80)).isEqualTo("2001:db8::2");
  }

  /** Neighbours need a route to them by way of the host, which passes nothing on for it. */
  @Test
  void containersAreBehindTheHostsLink() {
    coffer
        .run(
            "network",
            "create",
            "-d",
            "ipvlan",
            "-o",
            "parent=eth0",
            "-o",
            "ipvlan_mode=l3",
            "--subnet",
            "10.201.0.0/24",
            "--ipv6",
            "--subnet",
            "fd00:8:1::/64",
            "behind")
        .ok();
    if (isMissing("ipvlan", "behind")) {
      return;
    }
    serve("web", "behind", "--ip", "10.201.0.50", "--ip6", "fd00:8:1::50");
    serve("app", "behind", "--ip", "10.201.0.51", "--ip6", "fd00:8:1::51");

    assertThat(ask("app", "10.201.0.50", 80)).isEqualTo("10.201.0.51");
    assertThat(ask("app", "fd00:8:1::50", 80)).isEqualTo("fd00:8:1::51");
    assertThat(ask("app", "192.0.2.2", 7000)).isEqualTo("10.201.0.51");
    assertThat(ask("app", "2001:db8::2", 7000)).isEqualTo("fd00:8:1::51");
    assertThat(lab.askFromOther("tcp", "10.201.0.50", 80)).isEqualTo("192.0.2.2");
    assertThat(lab.askFromOther("tcp", "fd00:8:1::50", 80)).isEqualTo("2001:db8::2");
  }

  private static void createBridge(String name, int number, String... options) {
    Stream<String> command =
        Stream.of(
                Stream.of("network", "create", "--subnet", "10.20" + number + ".0.0/24", "--ipv6"),
                Stream.of("--subnet", "fd00:8:" + number + "::/64"),
                Arrays.stream(options),
                Stream.of(name))
            .flatMap(each -> each);
    coffer.run(command.toArray(String[]::new)).ok();
  }

  @Test
  void networksAreKeptApart() {
    createBridge("one", 2);
    createBridge("two", 3);
    serve("web", "one", "--ip", "10.202.0.50", "--ip6", "fd00:8:2::50", "-p", "8080:80");
    serve("near", "one");
    serve("far", "two", "--cap-add", "NET_ADMIN");

    assertThat(ask("near", "10.202.0.50", 80)).startsWith("10.202.0.");
    assertThat(ask("near", "fd00:8:2::50", 80)).startsWith("fd00:8:2:");
    assertThat(ask("far", "10.202.0.50", 80)).isEqualTo(SILENCE);
    assertThat(ask("far", "fd00:8:2::50", 80)).isEqualTo(SILENCE);
    assertThat(ask("far", "web", 80)).isEqualTo("UNKNOWN");
    assertThat(ask("far", "10.203.0.1", 8080)).isEqualTo("10.202.0.1");
    assertThat(ask("far", "fd00:8:3::1", 8080)).isEqualTo("fd00:8:2::1");

    // In both of them it is in reach, of each from the address that it has there.
    coffer.run("network", "connect", "one", "far").ok();
    assertThat(ask("far", "web", 80)).matches("(10.202.0|fd00:8:2:).*");
  }

  @Test
  void anInternalNetworkCannotBeLeft() {
    createBridge("back", 4, "--internal");
    serve("db", "back", "--ip", "10.204.0.50", "--ip6", "fd00:8:4::50");
    serve("app", "back", "--cap-add", "NET_ADMIN");

    assertThat(ask("app", "10.204.0.50", 80)).startsWith("10.204.0.");
    assertThat(ask("app", "fd00:8:4::50", 80)).startsWith("fd00:8:4:");
    assertThat(ask("app", "192.0.2.2", 7000)).isEqualTo(SILENCE);
    assertThat(ask("app", "2001:db8::2", 7000)).isEqualTo(SILENCE);

    // Not even by a route that it gives itself, on a host that passes packets on.
    lab.onHost(
        "for each in ipv4/ip_forward ipv6/conf/all/forwarding; do"
            + " echo 1 > /proc/sys/net/$each; done");
    coffer.run("exec", "app", "ip", "route", "add", "default", "via", "10.204.0.1").ok();
    coffer.run("exec", "app", "ip", "-6", "route", "add", "default", "via", "fd00:8:4::1").ok();
    assertThat(ask("app", "192.0.2.2", 7000)).isEqualTo(SILENCE);
    assertThat(ask("app", "2001:db8::2", 7000)).isEqualTo(SILENCE);
    assertThat(lab.askFromOther("tcp", "10.204.0.50", 80)).isEqualTo(SILENCE);
    assertThat(lab.askFromOther("tcp", "fd00:8:4::50", 80)).isEqualTo(SILENCE);
  }
}
