package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.PortRange;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.network.NetworkHost.HeldPort;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenPort;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ports of the host that one container has, kept from all other programs. */
final class PublishedPorts implements AutoCloseable {

  private static final InetAddress ALL_IPV4 = InetAddress.ofLiteral("0.0.0.0");
  private static final InetAddress ALL_IPV6 = InetAddress.ofLiteral("::");

  private final List<HeldPort> held = new ArrayList<>();
  private final List<GivenPort> given = new ArrayList<>();

  /** Who has a port of the host among the engine's own containers. */
  interface Holders {
    /** The container's name. */
    Optional<String> of(Protocol protocol, int port);
  }

  /** What a container asks to have published: what it names, and with -P what it exposes. */
  static List<PublishedPort> wanted(ContainerConfig config) {
    NetworkRequest request = config.request().network();
    List<PublishedPort> wanted = new ArrayList<>();
    request.publish().forEach(text -> wanted.addAll(PublishedPort.parse(text)));
    if (request.publishAll()) {
      Set<String> named = new HashSet<>();
      wanted.forEach(port -> named.add(port.exposed()));
      config.exposedPorts().stream()
          .filter(port -> !named.contains(port))
          .forEach(port -> wanted.addAll(PublishedPort.parse(port)));
    }
    return wanted;
  }

  /**
   * Takes ports.
   *
   * @param ipv4 where those are taken that name no address; empty: the container has no such
   *     address
   * @param ipv6 whether the container has such an address
   * @throws EngineException CONFLICT when somebody has one
   */
  static PublishedPorts take(
      NetworkHost host,
      List<PublishedPort> wanted,
      Optional<InetAddress> ipv4,
      boolean ipv6,
      Holders holders) {
    PublishedPorts ports = new PublishedPorts();
    try {
      for (PublishedPort each : wanted) {
        ports.take(host, each, addresses(each, ipv4, ipv6), holders);
      }
      return ports;
    } catch (RuntimeException e) {
      ports.close();
      throw e;
    }
  }

  /** Holds those again that a container has since before this engine. */
  static PublishedPorts again(NetworkHost host, List<GivenPort> given) throws IOException {
    PublishedPorts ports = new PublishedPorts();
    try {
      for (GivenPort each : given) {
        ports.held.add(
            host.hold(
                each.protocol(),
                List.of(Subnet.parseAddress(each.hostAddress())),
                each.hostPort()));
      }
      ports.given.addAll(given);
      return ports;
    } catch (IOException | RuntimeException e) {
      ports.close();
      throw e;
    }
  }

  private static List<InetAddress> addresses(
      PublishedPort port, Optional<InetAddress> ipv4, boolean ipv6) {
    if (port.hostAddress().isEmpty()) {
      List<InetAddress> all = new ArrayList<>();
      ipv4.ifPresent(all::add);
      // Where the network names an address of the host, it is for that alone.
      if (ipv6 && ipv4.filter(address -> !address.equals(ALL_IPV4)).isEmpty()) {
        all.add(ALL_IPV6);
      }
      return all;
    }
    InetAddress address = port.hostAddress().get();
    boolean reachable = address.getAddress().length == 16 ? ipv6 : ipv4.isPresent();
    if (!reachable) {
      throw new EngineException(
          Kind.INVALID,
          "port %s cannot be published at %s: the container has no address of that kind"
              .formatted(port.exposed(), Subnet.text(address)));
    }
    return List.of(address);
  }

  private void take(
      NetworkHost host, PublishedPort port, List<InetAddress> addresses, Holders holders) {
    PortRange range = port.hostPorts();
    IOException failure = null;
    for (int number = range.first(); number <= range.last(); number++) {
      try {
        HeldPort one = host.hold(port.protocol(), addresses, number);
        held.add(one);
        for (InetAddress address : addresses) {
          given.add(
              new GivenPort(
                  port.protocol(), port.containerPort(), Subnet.text(address), one.port()));
        }
        return;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw clash(port, failure, holders);
  }

  private static EngineException clash(PublishedPort port, IOException failure, Holders holders) {
    PortRange range = port.hostPorts();
    if (range.count() > 1) {
      return new EngineException(
          Kind.CONFLICT,
          "none of the ports %d to %d/%s is free: %s"
              .formatted(range.first(), range.last(), port.protocol().word(), failure.getMessage()),
          failure);
    }
    String own =
        holders
            .of(port.protocol(), range.first())
            .map(
                name ->
                    "port %d/%s is in use by container \"%s\""
                        .formatted(range.first(), port.protocol().word(), name))
            .orElseGet(() -> String.valueOf(failure.getMessage()));
    return new EngineException(Kind.CONFLICT, own, failure);
  }

  /** What was taken. */
  List<GivenPort> given() {
    return List.copyOf(given);
  }

  /** Gives them back. */
  @Override
  public void close() {
    held.forEach(HeldPort::close);
    held.clear();
  }
}
