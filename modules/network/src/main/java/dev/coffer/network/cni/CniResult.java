package dev.coffer.network.cni;

import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a network's plugins have given a container.
 *
 * <p>Source: the CNI specification 1.1.0, section 5.
 *
 * @param devices on both sides
 * @param addresses of the container's
 * @param routes in the container
 * @param dns what the network says of names
 * @param json all of it, for plugins that are told of it
 */
public record CniResult(
    List<Device> devices, List<Address> addresses, List<Route> routes, Dns dns, JsonObject json) {

  public CniResult {
    devices = List.copyOf(devices);
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
  }

  /** When the plugins say nothing. */
  public static final CniResult NONE =
      new CniResult(List.of(), List.of(), List.of(), Dns.NONE, JsonObject.EMPTY);

  /**
   * A device.
   *
   * @param mac its hardware address; may be empty
   * @param inside whether it is in a container
   */
  public record Device(String name, String mac, boolean inside) {}

  /**
   * An address.
   *
   * @param device which of the devices has it; -1: the plugins do not say
   */
  public record Address(InterfaceAddress address, Optional<InetAddress> gateway, int device) {}

  /** A route; without a gateway it is the addresses' own. */
  public record Route(Subnet to, Optional<InetAddress> gateway) {}

  /** What is said of names; all of it may be empty. */
  public record Dns(
      List<String> servers, String domain, List<String> search, List<String> options) {

    /** Nothing. */
    public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

    public Dns {
      servers = List.copyOf(servers);
      search = List.copyOf(search);
      options = List.copyOf(options);
    }

    private static Dns parse(JsonCursor cursor) {
      return new Dns(
          cursor.field("nameservers").list(each -> Subnet.text(each.parse(Subnet::parseAddress))),
          cursor.field("domain").stringOrEmpty(),
          cursor.field("search").list(JsonCursor::string),
          cursor.field("options").list(JsonCursor::string));
    }
  }

  /**
   * Reads one.
   *
   * @throws dev.coffer.spec.SpecException when it is none
   */
  static CniResult parse(JsonCursor cursor) {
    return new CniResult(
        cursor.field("interfaces").list(CniResult::device),
        cursor.field("ips").list(CniResult::address),
        cursor.field("routes").list(CniResult::route),
        Dns.parse(cursor.field("dns")),
        cursor.object());
  }

  private static Device device(JsonCursor cursor) {
    return new Device(
        cursor.field("name").string(),
        cursor.field("mac").stringOrEmpty(),
        cursor.field("sandbox").nonEmpty().isPresent());
  }

  private static Address address(JsonCursor cursor) {
    return new Address(
        cursor.field("address").parse(InterfaceAddress::parse),
        gateway(cursor.field("gateway")),
        cursor.field("interface").orElse(JsonCursor::int32, -1));
  }

  private static Route route(JsonCursor cursor) {
    return new Route(cursor.field("dst").parse(Subnet::parse), gateway(cursor.field("gw")));
  }

  private static Optional<InetAddress> gateway(JsonCursor cursor) {
    return cursor.nonEmpty().map(_ -> cursor.parse(Subnet::parseAddress));
  }

  /** The devices on the host's side. */
  public List<String> hostDevices() {
    return devices.stream().filter(each -> !each.inside()).map(Device::name).toList();
  }

  /** The hardware address of a device in the container. */
  public Optional<String> mac(String device) {
    return devices.stream()
        .filter(each -> each.inside() && each.name().equals(device))
        .map(Device::mac)
        .filter(mac -> !mac.isEmpty())
        .findFirst();
  }

  /** The container's addresses on one of its devices, IPv4 first. */
  public List<InterfaceAddress> addresses(String device) {
    List<InterfaceAddress> found = new ArrayList<>();
    for (boolean ipv6 : List.of(false, true)) {
      addresses.stream()
          .filter(each -> isOf(each, device))
          .map(Address::address)
          .filter(address -> address.isIpv6() == ipv6)
          .forEach(found::add);
    }
    return List.copyOf(found);
  }

  private boolean isOf(Address address, String device) {
    if (address.device() < 0 || address.device() >= devices.size()) {
      return true;
    }
    Device of = devices.get(address.device());
    return of.inside() && of.name().equals(device);
  }

  /** By which the container reaches the rest of the world: at most one of each kind. */
  public List<InetAddress> gateways() {
    List<InetAddress> found = new ArrayList<>();
    for (boolean ipv6 : List.of(false, true)) {
      routes.stream()
          .filter(route -> route.to().prefix() == 0 && route.to().isIpv6() == ipv6)
          .flatMap(route -> route.gateway().or(() -> ownGateway(ipv6)).stream())
          .findFirst()
          .ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private Optional<InetAddress> ownGateway(boolean ipv6) {
    return addresses.stream()
        .filter(each -> each.address().isIpv6() == ipv6)
        .flatMap(each -> each.gateway().stream())
        .findFirst();
  }
}
