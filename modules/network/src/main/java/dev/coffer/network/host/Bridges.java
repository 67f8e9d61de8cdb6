package dev.coffer.network.host;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.link.AddressRequests;
import dev.coffer.network.link.AddressRequests.OfDevice;
import dev.coffer.network.link.Link;
import dev.coffer.network.link.LinkRequests;
import dev.coffer.network.link.RouteSocket;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bridges' devices on the host. For one thread at a time. */
final class Bridges {
  /** What most links of the world carry; a host's own link may carry less. */
  private static final int USUAL_MTU = 1500;

  /** Somewhere else; nothing is sent there. Source: RFC 5737. */
  private static final InetAddress ELSEWHERE = Subnet.parseAddress("198.51.100.1");

  private final NamespaceThread thread;
  private final RouteSocket socket;
  private final RouteSocket removing;
  private final String mark;

  /**
   * For a host.
   *
   * @param thread whose home the host is
   * @param removing a second socket: who wants a device is not to wait until others are removed
   * @param mark what tells our devices from others'
   */
  Bridges(NamespaceThread thread, RouteSocket socket, RouteSocket removing, String mark) {
    this.thread = thread;
    this.socket = socket;
    this.removing = removing;
    this.mark = mark;
  }

  /** Whether a device is ours. */
  boolean isOurs(Link link) {
    return link.alias().filter(mark::equals).isPresent();
  }

  /**
   * A bridge that is there.
   *
   * @param network the network that it is of
   * @param index the device's number
   * @param mtu what it and the devices in it carry
   */
  record Bridge(NetworkSpec network, int index, int mtu) {}

  /** Makes a bridge, or corrects it. */
  Bridge put(NetworkSpec network) throws IOException {
    Optional<Link> before = socket.find(network.device());
    return before.isPresent() ? correct(network, before.get(), socket.addresses()) : make(network);
  }

  /** Refuses a network whose device is somebody else's. */
  void requireFreeOrOurs(NetworkSpec network) throws IOException {
    Optional<Link> link = socket.find(network.device());
    if (link.isPresent()) {
      requireOurs(network, link.get());
    }
  }

  private void requireOurs(NetworkSpec network, Link link) throws IOException {
    if (!isOurs(link) || !link.kind().equals("bridge")) {
      throw new IOException(
          "cannot create bridge \"%s\": the host has a device of this name that is not ours"
              .formatted(network.device()));
    }
  }

  /** Whether there is no device of a network's. */
  boolean isGone(NetworkSpec network) throws KernelException {
    return socket.find(network.device()).isEmpty();
  }

  /** Corrects a bridge that is there. */
  Bridge correct(NetworkSpec network, Link link, List<OfDevice> addresses) throws IOException {
    requireOurs(network, link);
    try {
      return setUp(network, link.index(), addresses);
    } catch (IOException e) {
      throw new IOException(
          "cannot set up bridge \"%s\": %s".formatted(network.device(), e.getMessage()), e);
    }
  }

  /**
   * Makes a bridge. It has its name last: whoever finds a device of that name before knows whose it
   * is, also when this engine was killed meanwhile.
   */
  Bridge make(NetworkSpec network) throws IOException {
    String device = network.device();
    String unnamed = EndNames.ofUnnamed(network);
    try {
      socket.apply(LinkRequests.bridge(unnamed, mac(network)), LinkRequests.mark(unnamed, mark));
      int index = socket.index(unnamed);
      socket.apply(LinkRequests.rename(index, device));
      return setUp(network, index, List.of());
    } catch (IOException e) {
      takeBack(network, unnamed);
      throw cannotCreate(device, e);
    }
  }

  private void takeBack(NetworkSpec network, String unnamed) throws KernelException {
    socket.remove(unnamed);
    Optional<Link> named = socket.find(network.device());
    if (named.isPresent() && isOurs(named.get())) {
      socket.remove(network.device());
    }
  }

  private static IOException cannotCreate(String device, IOException cause) {
    return new IOException(
        "cannot create bridge \"%s\": %s".formatted(device, cause.getMessage()), cause);
  }

  /**
   * Its first gateway's, which does not change with the devices that join, as it would by itself.
   */
  private static MacAddress mac(NetworkSpec network) {
    return MacAddress.of(network.ranges().getFirst().gateway());
  }

  private Bridge setUp(NetworkSpec network, int index, List<OfDevice> present) throws IOException {
    String device = network.device();
    int mtu = mtu(network);
    thread.atHome(
        () -> {
          Settings.bridge(device, network.hasIpv6());
          if (!network.internal()) {
            Settings.forward(network.hasIpv6());
          }
          return device;
        });
    List<InterfaceAddress> wanted = network.ranges().stream().map(Bridges::address).toList();
    List<NetlinkRequest> requests = new ArrayList<>();
    requests.add(LinkRequests.setBridge(device, mac(network), mtu));
    for (OfDevice each : present) {
      boolean gone = each.address().isIpv6() && !network.hasIpv6();
      if (each.index() == index && !gone && !wanted.contains(each.address())) {
        requests.add(AddressRequests.delete(index, each.address()));
      }
    }
    wanted.forEach(address -> requests.add(AddressRequests.add(index, address)));
    requests.add(LinkRequests.up(device));
    socket.apply(requests);
    Neighbours.await(socket, index, wanted);
    return new Bridge(network, index, mtu);
  }

  private static InterfaceAddress address(AddressRange range) {
    return new InterfaceAddress(range.gateway(), range.subnet().prefix());
  }

  private int mtu(NetworkSpec network) throws KernelException {
    if (network.mtu() != 0) {
      return network.mtu();
    }
    Optional<Integer> outside = socket.deviceTowards(ELSEWHERE);
    Optional<Link> link = outside.isPresent() ? socket.find(outside.get()) : Optional.empty();
    return link.map(Link::mtu).filter(mtu -> mtu < USUAL_MTU).orElse(USUAL_MTU);
  }

  /** Removes a bridge with the ends that are in it. */
  void remove(NetworkSpec network) throws IOException {
    Optional<Link> bridge = removing.find(network.device());
    if (bridge.isPresent() && isOurs(bridge.get())) {
      for (Link link : removing.links()) {
        if (link.master() == bridge.get().index() && isOurs(link)) {
          removing.remove(link.name());
        }
      }
      removing.remove(network.device());
    }
  }
}
