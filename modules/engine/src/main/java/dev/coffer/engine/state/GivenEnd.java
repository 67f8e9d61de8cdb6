package dev.coffer.engine.state;

import dev.coffer.network.address.InterfaceAddress;
import java.util.List;

/**
 * What a running container has in a network.
 *
 * @param endpointId 64 hexadecimal digits, new with each start
 * @param device what the device is called inside
 * @param addresses {@code ADDRESS/PREFIX}, IPv4 first
 * @param mac the device's own address
 * @param gateways by which it reaches the rest of the world
 */
public record GivenEnd(
    String endpointId, String device, List<String> addresses, String mac, List<String> gateways) {

  public GivenEnd {
    addresses = List.copyOf(addresses);
    gateways = List.copyOf(gateways);
  }

  /** The addresses themselves. */
  public List<InterfaceAddress> interfaceAddresses() {
    return addresses.stream().map(InterfaceAddress::parse).toList();
  }

  /** The same with other gateways. */
  public GivenEnd withGateways(List<String> others) {
    return new GivenEnd(endpointId, device, addresses, mac, others);
  }
}
