package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.PortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes the networks that a container is in, whether it runs or not. Whoever calls holds the
 * container's lock.
 */
public final class ConnectionChanges {

  private final Networks networks;
  private final Connections connections;
  private final Memberships memberships;
  private final Ids ids;

  /** Changes these. */
  public ConnectionChanges(Networks networks, Connections connections, Ids ids) {
    this.networks = networks;
    this.connections = connections;
    this.memberships = connections.memberships();
    this.ids = ids;
  }

  /**
   * Gives a container an end in one more network.
   *
   * @throws EngineException CONFLICT when it is in that network already
   */
  public void connect(Container container, EndpointRequest wanted) throws IOException {
    Network network = networks.find(wanted.network());
    EndpointRequest named = wanted.in(network.name());
    Membership membership = container.membership();
    if (membership.in(network.record().id(), network.name()).isPresent()) {
      throw new EngineException(
          Kind.CONFLICT, "it is in network \"%s\" already".formatted(network.name()));
    }
    network.require(named);
    if (container.live().isEmpty()) {
      memberships.save(
          container,
          membership.with(new Attachment(network.record().id(), named, Optional.empty())));
      return;
    }
    NetworkHost host = networks.host();
    network.ensure(host.driver());
    List<Endpoint> ends = memberships.ends(container);
    if (network.isOfPlugins()) {
      connectByPlugins(container, network, named, host, ends);
      return;
    }
    List<InterfaceAddress> addresses = memberships.take(network, named, container.id());
    GivenEnd end =
        Ends.given(
            ids.next(),
            Ends.freeDevice(membership, network.options().devicePrefix()),
            addresses,
            named,
            List.of());
    Attachment attachment = new Attachment(network.record().id(), named, Optional.of(end));
    try (Sandbox sandbox = Connections.sandbox(container)) {
      memberships.save(container, membership.with(attachment));
      host.driver().connect(sandbox, network.spec(), Ends.spec(end, List.of()));
      network.enter(Member.of(container.config(), attachment));
      settle(container, host, sandbox, ends);
    } catch (IOException | RuntimeException e) {
      network.leave(container.id());
      network.giveBack(addresses);
      memberships.save(container, membership);
      throw e;
    }
  }

  private void connectByPlugins(
      Container container,
      Network network,
      EndpointRequest wanted,
      NetworkHost host,
      List<Endpoint> ends)
      throws IOException {
    Membership before = container.membership();
    String device = Ends.freeDevice(before, network.options().devicePrefix());
    Attachment promised =
        new Attachment(
            network.record().id(), wanted, Optional.of(Ends.promised(ids.next(), device)));
    try (Sandbox sandbox = Connections.sandbox(container)) {
      memberships.save(container, before.with(promised));
      Attachment given = connections.connectByPlugins(container, promised, sandbox);
      try {
        memberships.save(container, before.with(given));
        network.enter(Member.of(container.config(), given));
        settle(container, host, sandbox, ends);
      } catch (IOException | RuntimeException e) {
        network.leave(container.id());
        connections.disconnectByPlugins(container, network, given.end().orElseThrow(), sandbox);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      memberships.save(container, before);
      throw e;
    }
  }

  /**
   * Takes a container out of a network.
   *
   * @throws EngineException NOT_FOUND when it is not in there
   */
  public void disconnect(Container container, Network network) throws IOException {
    Membership before = container.membership();
    Attachment attachment =
        before
            .in(network.record().id(), network.name())
            .orElseThrow(
                () ->
                    new EngineException(
                        Kind.NOT_FOUND, "it is not in network \"%s\"".formatted(network.name())));
    Membership after = before.without(attachment);
    if (container.live().isEmpty() || attachment.end().isEmpty()) {
      memberships.save(container, after);
      return;
    }
    NetworkHost host = networks.host();
    List<Endpoint> ends = memberships.ends(container);
    try (Sandbox sandbox = Connections.sandbox(container)) {
      network.leave(container.id());
      if (network.isOfPlugins()) {
        connections.disconnectByPlugins(container, network, attachment.end().get(), sandbox);
      } else {
        leave(network, ends, host, sandbox);
      }
      memberships.save(container, after);
      settle(container, host, sandbox, ends);
    }
  }

  private static void leave(Network network, List<Endpoint> ends, NetworkHost host, Sandbox sandbox)
      throws IOException {
    Endpoint end =
        ends.stream()
            .filter(each -> each.network().equals(network.spec()))
            .findFirst()
            .orElseThrow();
    host.driver().disconnect(sandbox, end.network(), end.spec());
    network.giveBack(end.spec().addresses());
  }

  /** What follows from another set of networks: default route, ports, name server and files. */
  private void settle(Container container, NetworkHost host, Sandbox sandbox, List<Endpoint> before)
      throws IOException {
    List<Place> places = memberships.places(container.membership());
    List<InetAddress> gateways = new ArrayList<>();
    List<Attachment> routed = new ArrayList<>();
    for (Attachment each : container.membership().attachments()) {
      if (networks.isOfPlugins(each.networkId())) {
        routed.add(each);
        continue;
      }
      List<InetAddress> own =
          networks
              .get(each.networkId())
              .map(network -> DefaultRoute.gateways(places, network))
              .orElse(List.of());
      gateways.addAll(own);
      routed.add(Ends.routed(each, own));
    }
    addMissing(gateways, routed);
    host.driver().route(sandbox, gateways);
    memberships.save(container, container.membership().with(routed));
    movePorts(host, ports(before), ports(memberships.ends(container)));
    connections.refresh(container, host, sandbox);
  }

  /** Where none of our networks is the way out, one of the plugins' networks may be. */
  private void addMissing(List<InetAddress> gateways, List<Attachment> all) {
    for (Attachment each : all) {
      boolean ofPlugins = networks.isOfPlugins(each.networkId());
      if (ofPlugins && each.end().isPresent()) {
        for (String text : each.end().get().gateways()) {
          InetAddress gateway = Subnet.parseAddress(text);
          int length = gateway.getAddress().length;
          if (gateways.stream().noneMatch(other -> other.getAddress().length == length)) {
            gateways.add(gateway);
          }
        }
      }
    }
  }

  private static Set<PortForward> ports(List<Endpoint> ends) {
    return ends.stream()
        .flatMap(end -> end.spec().ports().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void movePorts(NetworkHost host, Set<PortForward> before, Set<PortForward> after)
      throws IOException {
    Set<PortForward> gone = new LinkedHashSet<>(before);
    gone.removeAll(after);
    Set<PortForward> come = new LinkedHashSet<>(after);
    come.removeAll(before);
    if (!gone.isEmpty()) {
      host.driver().withdraw(gone);
    }
    if (!come.isEmpty()) {
      host.driver().publish(come);
    }
  }
}
