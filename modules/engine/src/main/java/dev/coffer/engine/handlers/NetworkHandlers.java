package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.NetworkCommand.Connect;
import dev.coffer.engine.command.NetworkCommand.CreateNetwork;
import dev.coffer.engine.command.NetworkCommand.Disconnect;
import dev.coffer.engine.command.NetworkCommand.InspectNetwork;
import dev.coffer.engine.command.NetworkCommand.ListNetworks;
import dev.coffer.engine.command.NetworkCommand.PruneNetworks;
import dev.coffer.engine.command.NetworkCommand.RemoveNetwork;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.inspect.NetworkJson;
import dev.coffer.engine.model.NetworkInspect;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.NetworkSummary;
import dev.coffer.engine.network.BuiltInNetworks;
import dev.coffer.engine.network.ConnectionChanges;
import dev.coffer.engine.network.Network;
import dev.coffer.engine.network.NetworkFilters;
import dev.coffer.engine.network.NetworkOwner;
import dev.coffer.engine.network.Networks;
import dev.coffer.engine.state.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The commands on networks. */
public final class NetworkHandlers {

  private final Networks networks;
  private final ConnectionChanges changes;
  private final ContainerIndex containers;

  /** Handles with these. */
  public NetworkHandlers(Networks networks, ConnectionChanges changes, ContainerIndex containers) {
    this.networks = networks;
    this.changes = changes;
    this.containers = containers;
  }

  /** Carries the command out. */
  public String handle(CreateNetwork command) {
    return networks.create(command.request()).record().id();
  }

  /** Carries the command out. */
  public List<NetworkSummary> handle(ListNetworks command) {
    networks.refresh();
    NetworkFilters filters = NetworkFilters.of(command.filters(), this::isUsed);
    return Stream.concat(
            BuiltInNetworks.of(networks).stream(), networks.all().stream().map(Network::summary))
        .filter(filters::matches)
        .sorted(Comparator.comparing(NetworkSummary::name))
        .toList();
  }

  private boolean isUsed(NetworkSummary network) {
    return containers.all().stream()
        .anyMatch(each -> each.membership().in(network.id(), network.name()).isPresent());
  }

  /** Carries the command out. */
  public NetworkInspect handle(InspectNetwork command) {
    Optional<NetworkSummary> withoutRecord =
        BuiltInNetworks.of(networks).stream()
            .filter(each -> !each.name().equals(Networks.BRIDGE))
            .filter(
                each ->
                    each.name().equals(command.network()) || each.id().equals(command.network()))
            .findFirst();
    return new NetworkInspect(
        withoutRecord
            .map(NetworkJson::of)
            .orElseGet(() -> NetworkJson.of(networks.find(command.network()))));
  }

  /** Carries the command out. */
  public void handle(Connect command) {
    Container container = containers.find(command.container());
    String network = command.endpoint().network();
    change(
        "cannot connect container \"%s\" to network \"%s\"".formatted(container.name(), network),
        container,
        () -> changes.connect(container, command.endpoint()));
  }

  /** Carries the command out. */
  public void handle(Disconnect command) {
    Network network = networks.find(command.network());
    Container container;
    try {
      container = containers.find(command.container());
    } catch (EngineException e) {
      if (command.force() && e.kind() == Kind.NOT_FOUND) {
        // Nothing of a container outlives it in a network.
        return;
      }
      throw e;
    }
    change(
        "cannot disconnect container \"%s\" from network \"%s\""
            .formatted(container.name(), network.name()),
        container,
        () -> changes.disconnect(container, network));
  }

  private interface Change {
    void run() throws IOException;
  }

  private static void change(String what, Container container, Change change) {
    container.lock().lock();
    try {
      requireConnectable(container);
      change.run();
    } catch (EngineException e) {
      throw new EngineException(e.kind(), what + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new EngineException(Kind.FAILED, what + ": " + e.getMessage(), e);
    } finally {
      container.lock().unlock();
    }
  }

  private static void requireConnectable(Container container) {
    NetworkRequest request = container.config().request().network();
    if (!request.isConnected()) {
      throw new EngineException(Kind.INVALID, "it was made with --network " + request.shownMode());
    }
    Status status = container.state().status();
    if (status == Status.REMOVING || status == Status.DEAD) {
      throw new EngineException(Kind.CONFLICT, "it is being removed");
    }
  }

  /** Carries the command out. */
  public void handle(RemoveNetwork command) {
    requireNotBuiltIn(command.network());
    networks.remove(networks.find(command.network()));
  }

  private static void requireNotBuiltIn(String name) {
    if (NetworkOwner.isBuiltIn(name)) {
      throw new EngineException(
          Kind.CONFLICT, "cannot remove network \"" + name + "\": every engine has it");
    }
  }

  /** Carries the command out. */
  public List<String> handle(PruneNetworks command) {
    List<String> removed = new ArrayList<>();
    for (Network network : List.copyOf(networks.all())) {
      NetworkSummary summary = network.summary();
      boolean matches = command.filter().matches(summary.created(), summary.labels());
      if (!network.isBuiltIn() && !network.isOfPlugins() && matches && !isUsed(summary)) {
        try {
          networks.remove(network);
          removed.add(network.name());
        } catch (EngineException e) {
          if (e.kind() != Kind.CONFLICT) {
            throw e;
          }
          // A container has started in it just now.
        }
      }
    }
    return removed;
  }
}
