package dev.coffer.engine.network;

import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.firewall.PortForward;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A container's end in a network, as records and as the driver takes it. */
final class Ends {

  private Ends() {}

  /** What a container is given in a network. */
  static GivenEnd given(
      String id,
      String device,
      List<InterfaceAddress> addresses,
      EndpointRequest wanted,
      List<InetAddress> gateways) {
    MacAddress mac =
        wanted
            .macAddress()
            .map(MacAddress::parse)
            .orElseGet(() -> MacAddress.of(addresses.getFirst().address()));
    return new GivenEnd(
        id,
        device,
        addresses.stream().map(InterfaceAddress::toString).toList(),
        mac.toString(),
        texts(gateways),
        Optional.empty());
  }

  /** What a container is to be given in a network of plugins, which decide about the rest. */
  static GivenEnd promised(String id, String device) {
    return new GivenEnd(id, device, List.of(), "", List.of(), Optional.empty());
  }

  /** The first name that no device of a container has. */
  static String freeDevice(Membership membership, String prefix) {
    Set<String> taken =
        membership.attachments().stream()
            .flatMap(each -> each.end().stream())
            .map(GivenEnd::device)
            .collect(Collectors.toSet());
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> prefix + i)
        .filter(name -> !taken.contains(name))
        .findFirst()
        .orElseThrow();
  }

  /** As the driver takes it. */
  static EndpointSpec spec(GivenEnd end, List<PortForward> ports) {
    return new EndpointSpec(
        end.device(),
        end.interfaceAddresses(),
        MacAddress.parse(end.mac()),
        end.gateways().stream().map(Subnet::parseAddress).toList(),
        ports);
  }

  /** The container's ports of the host that lead to its end in one network. */
  static List<PortForward> ports(Membership membership, Network network, Collection<Place> places) {
    if (membership.ports().isEmpty()) {
      return List.of();
    }
    Optional<GivenEnd> end = membership.in(network.record().id()).flatMap(Attachment::end);
    List<PortForward> forwards = new ArrayList<>();
    for (boolean ipv6 : List.of(false, true)) {
      if (end.isPresent()
          && DefaultRoute.forPorts(places, ipv6).filter(network::equals).isPresent()) {
        end.get().interfaceAddresses().stream()
            .filter(address -> address.isIpv6() == ipv6)
            .forEach(address -> forwards.addAll(forwards(membership, address)));
      }
    }
    return forwards;
  }

  private static List<PortForward> forwards(Membership membership, InterfaceAddress to) {
    return membership.ports().stream()
        .filter(port -> port.hostAddress().contains(":") == to.isIpv6())
        .map(
            port ->
                new PortForward(
                    port.protocol(),
                    Subnet.parseAddress(port.hostAddress()),
                    port.hostPort(),
                    to.address(),
                    port.containerPort()))
        .toList();
  }

  /** The same attachment by other gateways. */
  static Attachment routed(Attachment attachment, List<InetAddress> gateways) {
    return attachment
        .end()
        .map(end -> attachment.with(end.withGateways(texts(gateways))))
        .orElse(attachment);
  }

  private static List<String> texts(List<InetAddress> addresses) {
    return addresses.stream().map(Subnet::text).toList();
  }
}
