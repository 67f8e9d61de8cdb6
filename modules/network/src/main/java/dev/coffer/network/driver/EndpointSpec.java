package dev.coffer.network.driver;

import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.firewall.PortForward;
import java.net.InetAddress;
import java.util.List;

/**
 * A container's end in a network.
 *
 * @param device what the device is called in the container, such as {@code eth0}
 * @param addresses its addresses; in a bridge one or more, the first of which nobody else in the
 *     network has
 * @param mac its address on the link, see {@link MacAddress#of}; an ipvlan's is the parent's, and
 *     this one is passed over
 * @param gateways by which the container reaches the rest of the world: none, or one of each kind
 * @param ports of the host that lead to these addresses
 */
public record EndpointSpec(
    String device,
    List<InterfaceAddress> addresses,
    MacAddress mac,
    List<InetAddress> gateways,
    List<PortForward> ports) {
  public EndpointSpec {
    addresses = List.copyOf(addresses);
    gateways = List.copyOf(gateways);
    ports = List.copyOf(ports);
  }

  /** The same end, when nobody is to be led there from the host. */
  public EndpointSpec withoutPorts() {
    return new EndpointSpec(device, addresses, mac, gateways, List.of());
  }
}
