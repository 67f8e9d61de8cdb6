package dev.coffer.engine.create;

import static dev.coffer.engine.create.Refusal.invalid;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.network.Network;
import dev.coffer.engine.network.Networks;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides which networks a new container is in. */
public final class NetworkChoice {

  private final Networks networks;

  /** Decides with these. */
  public NetworkChoice(Networks networks) {
    this.networks = networks;
  }

  /**
   * What was decided.
   *
   * @param request with networks by their names; not the default any more
   * @param warning what the user should know of it
   */
  public record Decided(ContainerRequest request, Optional<String> warning) {}

  /** The networks that a request would get where all of them can be had; asks nobody. */
  public static ContainerRequest assumed(ContainerRequest request) {
    NetworkRequest network = request.network();
    return network.isDefault() ? request.with(inBridge(network)) : request;
  }

  private static NetworkRequest inBridge(NetworkRequest network) {
    List<EndpointRequest> ends = new ArrayList<>(ends(network, Networks.BRIDGE));
    ends.set(0, ends.getFirst().in(Networks.BRIDGE));
    return network.in(Networks.BRIDGE, ends);
  }

  private static List<EndpointRequest> ends(NetworkRequest network, String first) {
    return network.endpoints().isEmpty()
        ? List.of(EndpointRequest.plain(first))
        : network.endpoints();
  }

  /**
   * Looks the networks up. Where nothing was said and the host can have no bridge, the container
   * has a loopback device alone.
   *
   * @throws EngineException when a network that was asked for cannot be had
   */
  public Decided decide(ContainerRequest request) {
    NetworkRequest network = request.network();
    if (network.isDefault()) {
      return decideDefault(request);
    }
    return network.isConnected()
        ? connected(request, network)
        : new Decided(request, Optional.empty());
  }

  private Decided connected(ContainerRequest request, NetworkRequest network) {
    NetworkRequest named = named(network);
    return new Decided(request.with(named), isForOthers(named) ? notAsked() : Optional.empty());
  }

  /** Whether ports are published at other addresses than the host's loopback. */
  private static boolean isForOthers(NetworkRequest network) {
    return network.publishAll()
        || network.publish().stream()
            .flatMap(text -> PublishedPort.parse(text).stream())
            .anyMatch(port -> port.hostAddress().filter(InetAddress::isLoopbackAddress).isEmpty());
  }

  private Optional<String> notAsked() {
    try {
      return networks.host().notice().map(line -> line + " (docs/networks-firewall.md)");
    } catch (EngineException | IOException e) {
      // Whether there can be networks at all is told at the start.
      return Optional.empty();
    }
  }

  private Decided decideDefault(ContainerRequest request) {
    NetworkRequest bridged = inBridge(request.network());
    try {
      networks.find(Networks.BRIDGE).ensure(networks.host().driver());
    } catch (EngineException | IOException e) {
      boolean needed =
          !bridged.publish().isEmpty()
              || bridged.publishAll()
              || bridged.endpoints().size() > 1
              || !bridged.endpoints().getFirst().equals(EndpointRequest.plain(Networks.BRIDGE));
      if (needed) {
        throw new EngineException(
            EngineException.Kind.NOT_SUPPORTED, "cannot create container: " + e.getMessage(), e);
      }
      return new Decided(
          request.with(bridged.in(NetworkRequest.NONE, List.of())),
          Optional.of(
              "the container has a loopback device only: %s (say --network none)"
                  .formatted(e.getMessage())));
    }
    return connected(request, bridged);
  }

  private NetworkRequest named(NetworkRequest request) {
    List<EndpointRequest> ends = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (EndpointRequest each : ends(request, request.mode())) {
      Network network = find(each.network());
      if (!names.add(network.name())) {
        throw invalid("network \"" + network.name() + "\" twice");
      }
      if (network.isBuiltIn() && !each.aliases().isEmpty()) {
        throw invalid(
            "aliases in the default bridge, where containers have no names for each other"
                + " (coffer network create)");
      }
      ends.add(each.in(network.name()));
    }
    return request.in(ends.getFirst().network(), ends);
  }

  private Network find(String name) {
    try {
      return networks.find(name);
    } catch (EngineException e) {
      throw new EngineException(e.kind(), "cannot create container: " + e.getMessage(), e);
    }
  }
}
