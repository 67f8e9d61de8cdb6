package dev.coffer.engine.network;

import dev.coffer.network.driver.Driver;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * By which of its networks a container reaches the rest of the world: the one with the highest
 * priority, of several the first by name; for IPv4 and IPv6 each by itself.
 */
final class DefaultRoute {

  private static final Comparator<Place> BEST_FIRST =
      Comparator.comparingInt((Place each) -> -each.wanted().gatewayPriority())
          .thenComparing(each -> each.network().name());

  private DefaultRoute() {}

  /** The one whose gateway of that kind is used. */
  static Optional<Network> by(Collection<Place> all, boolean ipv6) {
    return best(all, network -> network.gateway(ipv6).isPresent());
  }

  private static Optional<Network> best(Collection<Place> all, Predicate<Network> wanted) {
    return all.stream().sorted(BEST_FIRST).map(Place::network).filter(wanted).findFirst();
  }

  /** The gateways that the container uses of one of its networks. */
  static List<InetAddress> gateways(Collection<Place> all, Network of) {
    return Stream.of(false, true)
        .filter(ipv6 -> by(all, ipv6).filter(of::equals).isPresent())
        .flatMap(ipv6 -> of.gateway(ipv6).stream())
        .toList();
  }

  /** The network in which ports of the host lead to the container: a bridge. */
  static Optional<Network> forPorts(Collection<Place> all, boolean ipv6) {
    List<Place> bridged =
        all.stream().filter(each -> each.network().spec().driver() == Driver.BRIDGE).toList();
    return by(bridged, ipv6)
        .or(() -> best(bridged, network -> network.ownAddress(ipv6).isPresent()));
  }
}
