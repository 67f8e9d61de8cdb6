package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.StateStore;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.driver.Endpoint;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which networks a container is in, as the engine's networks, its records and the driver know it.
 * Whoever calls holds the container's lock.
 *
 * @param networks all of them
 * @param store where memberships are written down
 */
record Memberships(Networks networks, StateStore store) {

  /** By name: a network that was made anew under the name of another takes its place. */
  List<Place> places(Membership membership) {
    return membership.attachments().stream()
        .map(each -> new Place(networks.find(each.wanted().network()), each.wanted()))
        .toList();
  }

  /** The container's ends as the driver takes them; those of plugins are not among them. */
  List<Endpoint> ends(Container container) {
    Membership membership = container.membership();
    List<Place> places =
        membership.attachments().stream()
            .flatMap(
                each ->
                    networks
                        .get(each.networkId())
                        .map(network -> new Place(network, each.wanted()))
                        .stream())
            .toList();
    List<Endpoint> ends = new ArrayList<>();
    for (Attachment attachment : membership.attachments()) {
      Optional<Network> network = networks.get(attachment.networkId());
      boolean ours = network.filter(each -> !each.isOfPlugins()).isPresent();
      if (ours && attachment.end().isPresent()) {
        ends.add(
            new Endpoint(
                network.get().spec(),
                Ends.spec(attachment.end().get(), Ends.ports(membership, network.get(), places))));
      }
    }
    return ends;
  }

  /** Takes addresses; what is kept ready for others may have the last ones. */
  List<InterfaceAddress> take(Network network, EndpointRequest wanted, String holder) {
    try {
      return network.take(wanted, holder);
    } catch (EngineException noneOrInUse) {
      if (!network.isBuiltIn()) {
        throw noneOrInUse;
      }
      networks.host().driver().discardPrepared();
      return network.take(wanted, holder);
    }
  }

  /** Has others find it in its networks. */
  void enter(Container container) {
    for (Attachment attachment : container.membership().attachments()) {
      if (attachment.end().isPresent()) {
        networks
            .get(attachment.networkId())
            .ifPresent(network -> network.enter(Member.of(container.config(), attachment)));
      }
    }
  }

  /** Writes down what a container has from now on. */
  void save(Container container, Membership membership) throws IOException {
    container.setMembership(membership);
    store.saveMembership(container.id(), membership);
  }

  /** Notes what went wrong where nobody waits for it. */
  static void log(String what, Exception cause) {
    System.getLogger(Connections.class.getName())
        .log(Level.WARNING, what + ": " + cause.getMessage(), cause);
  }
}
