package dev.coffer.engine.state;

import dev.coffer.network.address.InterfaceAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a running container has in a network.
 *
 * @param endpointId 64 hexadecimal digits, new with each start
 * @param device what the device is called inside
 * @param addresses {@code ADDRESS/PREFIX}, IPv4 first
 * @param mac the device's own address
 * @param gateways by which it reaches the rest of the world
 * @param dns what the network says of names, where its plugins do
 */
public record GivenEnd(
    String endpointId,
    String device,
    List<String> addresses,
    String mac,
    List<String> gateways,
    Optional<GivenDns> dns) {

  /**
   * What a network says of names.
   *
   * @param servers whom to ask; may be none
   * @param search domains that are tried after a name
   * @param options as in resolv.conf(5)
   */
  public record GivenDns(List<String> servers, List<String> search, List<String> options) {
    public GivenDns {
      servers = List.copyOf(servers);
      search = List.copyOf(search);
      options = List.copyOf(options);
    }
  }

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
    return new GivenEnd(endpointId, device, addresses, mac, others, dns);
  }
}
