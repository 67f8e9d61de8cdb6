package dev.coffer.network.link;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.link.AddressRequests.OfDevice;
import dev.coffer.network.link.RouteRequests.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A connection with the part of the kernel that has devices, addresses and routes, of one network
 * namespace. Any number of threads may use it, one after another.
 */
public final class RouteSocket implements AutoCloseable {
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens one for the calling thread's network namespace. */
  public static RouteSocket open() throws KernelException {
    return new RouteSocket(NetlinkSocket.open(NetlinkSocket.ROUTE));
  }

  /** The number of the network namespace, which no other has until a reboot. */
  public long namespace() throws KernelException {
    return socket.namespace();
  }

  static byte family(boolean ipv6) {
    return ipv6 ? AF_INET6 : AF_INET;
  }

  /** Has things done one after another; also those after one that was refused. */
  public void apply(List<NetlinkRequest> requests) throws KernelException {
    socket.batch(requests);
  }

  /** Has things done one after another; also those after one that was refused. */
  public void apply(NetlinkRequest... requests) throws KernelException {
    apply(List.of(requests));
  }

  /** Removes a device, with the other end if it is one of a pair; or finds that it is not there. */
  public void remove(String device) throws KernelException {
    try {
      apply(LinkRequests.delete(device));
    } catch (KernelException e) {
      if (!e.is(Errno.ENODEV)) {
        throw e;
      }
    }
  }

  /** The number of a device that is there. */
  public int index(String device) throws KernelException {
    return find(device)
        .orElseThrow(
            () -> new KernelException("netlink", Errno.ENODEV.number(), "look at " + device))
        .index();
  }

  /** The device of a name. */
  public Optional<Link> find(String name) throws KernelException {
    return first("look at device " + name, LinkRequests.find(name)).map(Link::of);
  }

  /** The device of a number. */
  public Optional<Link> find(int index) throws KernelException {
    return first("look at device " + index, LinkRequests.find(index)).map(Link::of);
  }

  /** The number of the device by which packets to a host leave; empty when they cannot. */
  public Optional<Integer> deviceTowards(InetAddress host) throws KernelException {
    return first("find route to " + Subnet.text(host), RouteRequests.find(host))
        .flatMap(RouteRequests::read)
        .map(Route::device);
  }

  private Optional<NetlinkReply> first(String what, NetlinkMessage query) throws KernelException {
    try {
      return socket.query(what, query).stream().findFirst();
    } catch (KernelException e) {
      if (e.is(Errno.ENODEV) || e.is(Errno.ENETUNREACH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** All devices. */
  public List<Link> links() throws KernelException {
    return socket.query("list devices", LinkRequests.list()).stream().map(Link::of).toList();
  }

  /** Addresses of all devices but those that count on the link or the host alone. */
  public List<OfDevice> addresses() throws KernelException {
    return socket.query("list addresses", AddressRequests.list()).stream()
        .filter(AddressRequests::isGlobal)
        .map(AddressRequests::read)
        .toList();
  }

  /** The multicast groups of IPv6 that a device is in. */
  public Set<InetAddress> groups(int index) throws KernelException {
    return socket.query("list groups", AddressRequests.listGroups()).stream()
        .flatMap(reply -> AddressRequests.readGroup(reply, index).stream())
        .collect(Collectors.toSet());
  }

  /** Routes to other hosts. */
  public List<Route> routes() throws KernelException {
    List<Route> routes = new ArrayList<>();
    for (NetlinkReply each : socket.query("list routes", RouteRequests.list())) {
      RouteRequests.read(each).ifPresent(routes::add);
    }
    return routes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
