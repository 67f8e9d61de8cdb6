package dev.coffer.network.host;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.host.Bridges.Bridge;
import dev.coffer.network.link.AddressRequests;
import dev.coffer.network.link.IpvlanMode;
import dev.coffer.network.link.LinkRequests;
import dev.coffer.network.link.MacvlanMode;
import dev.coffer.network.link.RouteRequests;
import dev.coffer.network.link.RouteSocket;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Containers' ends of networks: devices in their namespaces. Any number of threads may call. */
final class Ends {
  private final NamespaceThread thread;
  private final RouteSocket host;
  private final String mark;
  private final boolean ipv6 = Settings.hasIpv6();

  /**
   * Those of a host.
   *
   * @param thread whose home the host is
   * @param mark what tells our devices from others'
   */
  Ends(NamespaceThread thread, RouteSocket host, String mark) {
    this.thread = thread;
    this.host = host;
    this.mark = mark;
  }

  /** A new namespace, whose loopback device is up. */
  Fd namespace() throws IOException {
    Fd namespace = thread.create();
    try (RouteSocket inside = thread.in(namespace, RouteSocket::open)) {
      inside.apply(LinkRequests.up("lo"));
      return namespace;
    } catch (IOException | RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  /** Gives a namespace a device that is on a bridge. */
  void join(Fd namespace, Bridge bridge, EndpointSpec endpoint) throws IOException {
    String name = EndNames.of(bridge.network(), endpoint);
    makePair(name, namespace, bridge, endpoint);
    try (RouteSocket inside = open(namespace, endpoint)) {
      int index = inside.index(endpoint.device());
      setUp(inside, index, endpoint, byGateway(endpoint));
      // Now that both ends are up, the bridge is to pass packets on, from the first one.
      host.apply(LinkRequests.settle(name), LinkRequests.settle(bridge.index()));
    } catch (IOException | RuntimeException e) {
      host.remove(name);
      throw e;
    }
  }

  private void makePair(String name, Fd namespace, Bridge bridge, EndpointSpec endpoint)
      throws KernelException {
    List<NetlinkRequest> pair =
        List.of(
            LinkRequests.veth(
                name, bridge.index(), bridge.mtu(), endpoint.device(), endpoint.mac(), namespace),
            LinkRequests.port(
                name,
                mark,
                !bridge.network().betweenContainers(),
                ipv6 && bridge.mtu() >= NetworkSpec.SMALLEST_IPV6_MTU),
            LinkRequests.up(name));
    try {
      host.apply(pair);
    } catch (KernelException e) {
      boolean left = e.is(Errno.EEXIST) && host.find(name).isPresent();
      host.remove(name);
      if (!left) {
        throw e;
      }
      // The device of a container that had the address before, and is still on its way out.
      host.apply(pair);
    }
  }

  /** Gives a namespace a device on a device of the host. */
  void share(Fd namespace, NetworkSpec network, EndpointSpec endpoint) throws IOException {
    String name = EndNames.of(network, endpoint);
    makeShared(name, network, endpoint);
    try {
      if (network.mtu() != 0) {
        host.apply(LinkRequests.mtu(name, network.mtu()));
      }
      host.apply(LinkRequests.move(name, namespace));
    } catch (IOException e) {
      host.remove(name);
      throw e;
    }
    try (RouteSocket inside = thread.in(namespace, RouteSocket::open)) {
      int index = inside.index(name);
      try {
        inside.apply(LinkRequests.rename(index, endpoint.device()));
        open(namespace, endpoint).close();
        setUp(inside, index, endpoint, routes(network, endpoint, index));
      } catch (IOException | RuntimeException e) {
        inside.apply(LinkRequests.delete(index));
        throw e;
      }
    }
  }

  private void makeShared(String name, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    String parent = network.parent().orElseThrow();
    int index =
        host.find(parent)
            .orElseThrow(() -> new IOException("the host has no device \"" + parent + "\""))
            .index();
    try {
      host.apply(
          network.driver() == Driver.IPVLAN
              ? LinkRequests.ipvlan(name, index, ipvlan(network))
              : LinkRequests.macvlan(name, index, endpoint.mac(), macvlan(network)),
          LinkRequests.mark(name, mark));
    } catch (KernelException e) {
      if (e.is(Errno.EOPNOTSUPP)) {
        throw new IOException("the kernel has no " + network.driver().word(), e);
      }
      if (e.is(Errno.EBUSY)) {
        throw new IOException(
            "\"%s\" has devices of another kind, or is part of a bridge or bond".formatted(parent),
            e);
      }
      throw e;
    }
  }

  private static MacvlanMode macvlan(NetworkSpec network) {
    return network.mode().map(MacvlanMode::parse).orElse(MacvlanMode.BRIDGE);
  }

  private static IpvlanMode ipvlan(NetworkSpec network) {
    return network.mode().map(IpvlanMode::parse).orElse(IpvlanMode.L2);
  }

  private static List<NetlinkRequest> routes(
      NetworkSpec network, EndpointSpec endpoint, int index) {
    boolean third = network.driver() == Driver.IPVLAN && ipvlan(network) != IpvlanMode.L2;
    if (!third) {
      return byGateway(endpoint);
    }
    // There are no neighbours on that layer, so none of them is a gateway.
    return endpoint.gateways().stream()
        .map(gateway -> RouteRequests.everywhere(gateway.getAddress().length == 16, index))
        .toList();
  }

  private static List<NetlinkRequest> byGateway(EndpointSpec endpoint) {
    return endpoint.gateways().stream().map(RouteRequests::everywhere).toList();
  }

  /** A socket in a namespace, with settings made there that a device wants before it is up. */
  private RouteSocket open(Fd namespace, EndpointSpec endpoint) throws IOException {
    boolean wantsIpv6 = endpoint.addresses().stream().anyMatch(InterfaceAddress::isIpv6);
    return thread.in(
        namespace,
        () -> {
          Settings.ipv6(endpoint.device(), wantsIpv6);
          return RouteSocket.open();
        });
  }

  private static void setUp(
      RouteSocket inside, int index, EndpointSpec endpoint, List<NetlinkRequest> routes)
      throws KernelException {
    List<NetlinkRequest> requests = new ArrayList<>();
    requests.add(LinkRequests.up(endpoint.device()));
    requests.add(LinkRequests.settle(index));
    endpoint.addresses().forEach(each -> requests.add(AddressRequests.add(index, each)));
    requests.addAll(routes);
    inside.apply(requests);
    Neighbours.await(inside, index, endpoint.addresses());
  }

  /** Takes an end from a namespace that lives on. */
  void leave(Fd namespace, EndpointSpec endpoint) throws IOException {
    try (RouteSocket inside = thread.in(namespace, RouteSocket::open)) {
      inside.remove(endpoint.device());
    }
  }

  /** Has a namespace reach everything by these gateways. */
  void route(Fd namespace, Collection<InetAddress> gateways) throws IOException {
    try (RouteSocket inside = thread.in(namespace, RouteSocket::open)) {
      for (InetAddress each : gateways) {
        removeOthers(inside, each);
        inside.apply(RouteRequests.everywhere(each));
      }
    }
  }

  /** One route is replaced without a gap, but of several only the first would be. */
  private static void removeOthers(RouteSocket inside, InetAddress gateway) throws KernelException {
    boolean ipv6 = gateway.getAddress().length == 16;
    List<Integer> devices =
        inside.routes().stream()
            .filter(route -> route.to().prefix() == 0 && route.to().isIpv6() == ipv6)
            .map(RouteRequests.Route::device)
            .toList();
    if (devices.size() < 2) {
      return;
    }
    Optional<Integer> own = inside.deviceTowards(gateway);
    for (int device : devices) {
      if (own.filter(index -> index == device).isEmpty()) {
        inside.apply(RouteRequests.notEverywhere(ipv6, device));
      }
    }
  }
}
