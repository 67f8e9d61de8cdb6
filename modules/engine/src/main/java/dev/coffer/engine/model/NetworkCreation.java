package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user asks of a new network.
 *
 * @param name its name, of which there is one
 * @param driver {@code bridge}, {@code macvlan} or {@code ipvlan}; empty: bridge
 * @param subnets {@code ADDRESS/PREFIX}, of each kind; missing ones are found
 * @param gateways each of one of the subnets
 * @param ranges each a part of one of the subnets, from which addresses are given out
 * @param auxiliary names of addresses of the subnets that are others'
 * @param ipv4 whether it has IPv4 addresses
 * @param ipv6 whether it has IPv6 addresses
 * @param internal whether nothing may leave it
 * @param attachable kept for those who read it
 * @param options the driver's
 * @param labels labels
 */
public record NetworkCreation(
    String name,
    Optional<String> driver,
    List<String> subnets,
    List<String> gateways,
    List<String> ranges,
    Map<String, String> auxiliary,
    boolean ipv4,
    boolean ipv6,
    boolean internal,
    boolean attachable,
    Map<String, String> options,
    Map<String, String> labels) {

  /** A bridge with whatever subnet is free. */
  public static NetworkCreation bridge(String name) {
    return new NetworkCreation(
        name,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        true,
        false,
        false,
        false,
        Map.of(),
        Map.of());
  }
}
