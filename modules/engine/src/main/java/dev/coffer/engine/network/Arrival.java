package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Gives a container that is about to start its ends, step by step: whatever was given when a step
 * fails is in its membership.
 */
final class Arrival {

  private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("0.0.0.0");

  private final Memberships memberships;
  private final ContainerIndex containers;
  private final Ids ids;
  private final PluginEnds plugins;
  private final NameService names;

  Arrival(
      Memberships memberships,
      ContainerIndex containers,
      Ids ids,
      PluginEnds plugins,
      NameService names) {
    this.memberships = memberships;
    this.containers = containers;
    this.ids = ids;
    this.plugins = plugins;
    this.names = names;
  }

  /** A namespace, perhaps with an end in it already. */
  Sandbox sandbox(NetworkHost host, List<Place> places) throws IOException {
    for (Place place : places) {
      place.network().ensure(host.driver());
    }
    return host.driver().sandbox(preparedFor(places));
  }

  /** Namespaces are kept ready of the default bridge alone, and with no other end. */
  private static Optional<NetworkSpec> preparedFor(List<Place> places) {
    if (places.size() != 1) {
      return Optional.empty();
    }
    Place only = places.getFirst();
    return only.network().isBuiltIn() && only.wanted().takesAnyAddress()
        ? Optional.of(only.network().spec())
        : Optional.empty();
  }

  /** Gives it all that it is to have. */
  void connect(
      Container container,
      List<Place> places,
      List<PublishedPort> wanted,
      NetworkHost host,
      Sandbox sandbox,
      Connected connected)
      throws IOException {
    giveEnds(container, places, sandbox);
    takePorts(container, places, host, wanted, connected);
    memberships.save(container, container.membership());
    List<Endpoint> ends = memberships.ends(container);
    for (Endpoint end : ends) {
      host.driver().connect(sandbox, end.network(), end.spec());
    }
    connectByPlugins(container, places, host, sandbox, connected, ends);
    names.write(container);
    names.serve(container, host, sandbox.namespace(), connected);
    memberships.enter(container);
  }

  private void giveEnds(Container container, List<Place> places, Sandbox sandbox) {
    Membership made = Membership.NONE;
    container.setMembership(made);
    for (Place place : places) {
      Network network = place.network();
      String device = Ends.freeDevice(made, network.options().devicePrefix());
      GivenEnd end =
          network.isOfPlugins()
              ? Ends.promised(ids.next(), device)
              : Ends.given(
                  ids.next(),
                  device,
                  addresses(container, place, sandbox),
                  place.wanted(),
                  DefaultRoute.gateways(places, network));
      made = made.with(new Attachment(network.record().id(), place.wanted(), Optional.of(end)));
      container.setMembership(made);
    }
  }

  private List<InterfaceAddress> addresses(Container container, Place place, Sandbox sandbox) {
    if (sandbox.prepared().isEmpty()) {
      return memberships.take(place.network(), place.wanted(), container.id());
    }
    List<InterfaceAddress> prepared = sandbox.prepared().get().spec().addresses();
    place.network().pass(prepared, container.id());
    return prepared;
  }

  private void takePorts(
      Container container,
      List<Place> places,
      NetworkHost host,
      List<PublishedPort> wanted,
      Connected connected) {
    if (wanted.isEmpty()) {
      return;
    }
    Optional<Network> ipv4 = DefaultRoute.forPorts(places, false);
    Optional<Network> ipv6 = DefaultRoute.forPorts(places, true);
    if (ipv4.isEmpty() && ipv6.isEmpty()) {
      ipv4 = plugins.forPorts(places);
    }
    if (ipv4.isEmpty() && ipv6.isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "ports cannot be published: it is in no bridge network, nor in one whose plugins have the"
              + " capability portMappings");
    }
    PublishedPorts ports =
        PublishedPorts.take(
            host,
            wanted,
            ipv4.map(network -> network.options().hostBinding().orElse(EVERYWHERE)),
            ipv6.isPresent(),
            this::holder);
    connected.keep(ports);
    container.setMembership(container.membership().withPorts(ports.given()));
  }

  /** Which of our own containers has a port of the host. */
  private Optional<String> holder(Protocol protocol, int port) {
    return containers.all().stream()
        .filter(
            each ->
                each.membership().ports().stream()
                    .anyMatch(given -> given.protocol() == protocol && given.hostPort() == port))
        .map(Container::name)
        .findFirst();
  }

  private void connectByPlugins(
      Container container,
      List<Place> places,
      NetworkHost host,
      Sandbox sandbox,
      Connected connected,
      List<Endpoint> others)
      throws IOException {
    List<Attachment> all = plugins.of(container);
    if (all.isEmpty()) {
      return;
    }
    connected.keepNamespace(sandbox.namespace());
    Optional<Network> withPorts =
        hasPortsInBridge(places) ? Optional.empty() : plugins.forPorts(places);
    for (Attachment each : all) {
      boolean ports =
          withPorts.filter(network -> network.record().id().equals(each.networkId())).isPresent();
      Membership membership = container.membership();
      Attachment given =
          plugins.connect(
              container.config(),
              each,
              ports ? membership.ports() : List.of(),
              sandbox.namespace());
      memberships.save(
          container, membership.with(Attachment.replaced(membership.attachments(), given)));
    }
    List<InetAddress> gateways =
        others.stream().flatMap(each -> each.spec().gateways().stream()).toList();
    if (!gateways.isEmpty()) {
      // Plugins may have set others since.
      host.driver().route(sandbox, gateways);
    }
  }

  private static boolean hasPortsInBridge(List<Place> places) {
    return DefaultRoute.forPorts(places, false).isPresent()
        || DefaultRoute.forPorts(places, true).isPresent();
  }
}
