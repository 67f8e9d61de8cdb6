package dev.coffer.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * What a user asks of a container's end in one network.
 *
 * @param network the network's name or id
 * @param aliases further names of the container in this network
 * @param links {@code container[:alias]}: names that this container alone has for others
 * @param ip wanted IPv4 address
 * @param ip6 wanted IPv6 address
 * @param macAddress wanted hardware address
 * @param gatewayPriority the network with the highest has the default route
 */
public record EndpointRequest(
    String network,
    List<String> aliases,
    List<String> links,
    Optional<String> ip,
    Optional<String> ip6,
    Optional<String> macAddress,
    int gatewayPriority) {

  public EndpointRequest {
    aliases = List.copyOf(aliases);
    links = List.copyOf(links);
  }

  /** An end in a network of which nothing special is asked. */
  public static EndpointRequest plain(String network) {
    return new EndpointRequest(
        network, List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }

  /** The same in another network. */
  public EndpointRequest in(String otherNetwork) {
    return new EndpointRequest(otherNetwork, aliases, links, ip, ip6, macAddress, gatewayPriority);
  }

  /** Whether nothing special is asked but perhaps names. */
  public boolean takesAnyAddress() {
    return ip.isEmpty() && ip6.isEmpty() && macAddress.isEmpty();
  }
}
