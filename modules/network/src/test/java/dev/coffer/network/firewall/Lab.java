package dev.coffer.network.firewall;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.lab.Host;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.util.List;

/**
 * A host with three bridges, four containers on them, and another host beside it.
 *
 * <pre>
 *   other 192.0.2.2 ── 192.0.2.1 host ─┬─ br1 172.30.1.1 ─┬─ web  172.30.1.2
 *                                      │                  └─ app  172.30.1.3
 *                                      ├─ br2 172.30.2.1 ─── far  172.30.2.2
 *                                      └─ br3 172.30.3.1 ─── shut 172.30.3.2
 * </pre>
 *
 * All have IPv6 likewise: 2001:db8::1 and ::2, and fd00:N::1 to ::3. The other host routes the
 * containers' addresses to the host.
 */
final class Lab implements AutoCloseable {
  final NamespaceThread thread = NamespaceThread.start();
  final Host host = Host.create(thread);
  final Host other = Host.create(thread);
  final Host web = Host.create(thread);
  final Host app = Host.create(thread);
  final Host far = Host.create(thread);
  final Host shut = Host.create(thread);

  Lab() throws IOException {
    host.shell(
        "ip link add eth0 type veth peer name eth0 netns "
            + other.path()
            + "; ip addr add 192.0.2.1/24 dev eth0"
            + "; ip -6 addr add 2001:db8::1/64 dev eth0 nodad; ip link set eth0 up"
            + "; echo 1 > /proc/sys/net/ipv4/ip_forward"
            + "; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
    other.shell(
        "ip addr add 192.0.2.2/24 dev eth0; ip -6 addr add 2001:db8::2/64 dev eth0 nodad"
            + "; ip link set eth0 up; ip route add 172.30.0.0/16 via 192.0.2.1"
            + "; ip -6 route add fd00::/16 via 2001:db8::1");
    for (int bridge = 1; bridge <= 3; bridge++) {
      host.shell(
          """
          ip link add brN type bridge; ip addr add 172.30.N.1/24 dev brN
          ip -6 addr add fd00:N::1/64 dev brN nodad; ip link set brN up
          echo 1 > /proc/sys/net/ipv4/conf/brN/route_localnet
          """
              .replace("N", Integer.toString(bridge)));
    }
    join(web, 1, 2);
    join(app, 1, 3);
    join(far, 2, 2);
    join(shut, 3, 2);
  }

  private void join(Host container, int bridge, int number) throws IOException {
    host.shell(
        """
        ip link add vB-N type veth peer name eth0 netns PATH
        ip link set vB-N master brB up; ip link set vB-N type bridge_slave hairpin on
        """
            .replace("PATH", container.path())
            .replace("B", Integer.toString(bridge))
            .replace("N", Integer.toString(number)));
    container.shell(
        """
        ip addr add 172.30.B.N/24 dev eth0; ip -6 addr add fd00:B::N/64 dev eth0 nodad
        ip link set eth0 up; ip route add default via 172.30.B.1
        ip -6 route add default via fd00:B::1
        """
            .replace("B", Integer.toString(bridge))
            .replace("N", Integer.toString(number)));
  }

  /** The rules of a bridge as most networks have them. */
  static BridgeRules bridge(int number) {
    return new BridgeRules("br" + number, subnets(number), false, true, true, true);
  }

  static List<Subnet> subnets(int bridge) {
    return List.of(
        Subnet.parse("172.30." + bridge + ".0/24"), Subnet.parse("fd00:" + bridge + "::/64"));
  }

  static PortForward forward(
      Protocol protocol, String host, int port, String container, int containerPort) {
    return new PortForward(protocol, Host.of(host), port, Host.of(container), containerPort);
  }

  NftFirewall firewall() throws IOException {
    return thread.in(host.namespace(), () -> NftFirewall.open("coffer"));
  }

  @Override
  public void close() {
    for (Host each : List.of(shut, far, app, web, other, host)) {
      each.close();
    }
    thread.close();
  }
}
