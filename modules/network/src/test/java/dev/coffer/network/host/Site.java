package dev.coffer.network.host;

import dev.coffer.kernel.Fd;
import dev.coffer.network.address.AddressPool;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.InputPolicy;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.lab.Host;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A host whose networks are made by an engine's driver, and another host beside it.
 *
 * <pre>
 *   other 192.0.2.2, 2001:db8::2 ── 192.0.2.1, 2001:db8::1 host
 * </pre>
 */
final class Site implements AutoCloseable {
  static final String MARK = "coffer:test";

  private final Path notes = Files.createTempDirectory("coffer-site");
  final NamespaceThread visitor = NamespaceThread.start();
  final Host host = Host.create(visitor);
  final Host other = Host.create(visitor);
  final NamespaceThread home = NamespaceThread.start(host.namespace());
  final Addresses addresses = new Addresses();
  HostNetworks networks = open(MARK, "coffer");

  Site() throws IOException {
    host.shell(
        "ip link add eth0 type veth peer name eth0 netns "
            + other.path()
            + "; echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad"
            + "; ip addr add 192.0.2.1/24 dev eth0; ip -6 addr add 2001:db8::1/64 dev eth0 nodad"
            + "; ip link set eth0 up");
    other.shell(
        "echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad"
            + "; ip addr add 192.0.2.2/24 dev eth0; ip -6 addr add 2001:db8::2/64 dev eth0 nodad"
            + "; ip link set eth0 up; ip route add 10.0.0.0/8 via 192.0.2.1"
            + "; ip -6 route add fd00::/8 via 2001:db8::1");
    // The kernel takes up to a second until it has the link's own addresses.
    for (Host each : List.of(host, other)) {
      each.shell("until ip -6 addr show eth0 | grep -q fe80:; do sleep 0.02; done");
    }
  }

  /** What an engine has, to which the devices of a mark belong. */
  HostNetworks open(String mark, String table) throws IOException {
    Path forwarding = notes.resolve(table);
    return HostNetworks.open(
        home, addresses, new HostNetworks.Ownership(mark, table, InputPolicy.ASK, forwarding));
  }

  /** What the engine notes of the host's passing packets on. */
  Path forwarding() {
    return notes.resolve("coffer");
  }

  /** Addresses of the network that is prepared for. */
  static final class Addresses implements AddressSource {
    final AddressPool pool =
        new AddressPool(
            Subnet.parse("10.210.0.0/16"),
            Subnet.parse("10.210.128.0/17"),
            Subnet.parseAddress("10.210.0.1"));

    @Override
    public List<InterfaceAddress> take(NetworkSpec network) {
      return pool.take("pool").stream().map(each -> new InterfaceAddress(each, 16)).toList();
    }

    @Override
    public void giveBack(NetworkSpec network, List<InterfaceAddress> addresses) {
      addresses.forEach(each -> pool.giveBack(each.address()));
    }
  }

  /** A bridge with a number, 10.N.0.0/16 and, if wanted, fd00:N::/64. */
  static NetworkSpec bridge(int number, boolean ipv6) {
    return bridge(number, ipv6, false, true, 0);
  }

  static NetworkSpec bridge(
      int number, boolean ipv6, boolean internal, boolean betweenContainers, int mtu) {
    AddressRange four = range("10." + number + ".0.0/16", "10." + number + ".0.1");
    List<AddressRange> ranges =
        ipv6
            ? List.of(four, range("fd00:" + number + "::/64", "fd00:" + number + "::1"))
            : List.of(four);
    return new NetworkSpec(
        "%064x".formatted(number),
        "net" + number,
        Driver.BRIDGE,
        "cf-" + number,
        Optional.empty(),
        ranges,
        internal,
        true,
        betweenContainers,
        Optional.empty(),
        mtu,
        Optional.empty());
  }

  static AddressRange range(String subnet, String gateway) {
    return new AddressRange(Subnet.parse(subnet), Subnet.parseAddress(gateway), Optional.empty());
  }

  /** An end with the N-th address of each of a network's ranges. */
  static EndpointSpec end(NetworkSpec network, int number, PortForward... ports) {
    return end(network, "eth0", number, ports);
  }

  static EndpointSpec end(NetworkSpec network, String device, int number, PortForward... ports) {
    List<InterfaceAddress> addresses =
        network.ranges().stream()
            .map(AddressRange::subnet)
            .map(subnet -> new InterfaceAddress(subnet.at(number), subnet.prefix()))
            .toList();
    List<InetAddress> gateways =
        network.internal()
            ? List.of()
            : network.ranges().stream().map(AddressRange::gateway).toList();
    return new EndpointSpec(
        device, addresses, MacAddress.of(addresses.getFirst().address()), gateways, List.of(ports));
  }

  /** A namespace with an end in a network. */
  Host container(NetworkSpec network, EndpointSpec end) throws IOException {
    Sandbox sandbox = networks.sandbox(Optional.empty());
    try {
      networks.connect(sandbox, network, end);
      return new Host(visitor, sandbox.namespace());
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  Host container(NetworkSpec network, int number, PortForward... ports) throws IOException {
    return container(network, end(network, number, ports));
  }

  static Sandbox sandbox(Host container) throws IOException {
    Fd namespace = container.namespace();
    return Sandbox.of(namespace.duplicate());
  }

  /** What the host has. */
  List<String> devices() throws IOException {
    return host.shell("ip -o link").lines().map(line -> line.split("[:@] ?")[1].strip()).toList();
  }

  /** The engine is killed and another one begins. */
  void restart() throws IOException {
    networks.close();
    networks = open(MARK, "coffer");
  }

  @Override
  public void close() throws IOException {
    networks.close();
    home.close();
    other.close();
    host.close();
    visitor.close();
    try (Stream<Path> left = Files.walk(notes)) {
      for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
