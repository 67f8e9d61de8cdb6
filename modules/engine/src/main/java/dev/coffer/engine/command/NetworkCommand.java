package dev.coffer.engine.command;

import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.model.NetworkInspect;
import dev.coffer.engine.model.NetworkSummary;
import dev.coffer.engine.model.PruneFilter;
import java.util.List;
import java.util.Map;

/**
 * Commands on networks. {@code network} is a name, a full id, or an unambiguous prefix of one.
 *
 * @param <R> what the command answers
 */
public sealed interface NetworkCommand<R> extends Command<R> {

  /** Makes a network; answers its id. */
  record CreateNetwork(NetworkCreation request) implements NetworkCommand<String> {}

  /** Lists networks by name. */
  record ListNetworks(Map<String, List<String>> filters)
      implements NetworkCommand<List<NetworkSummary>> {}

  /** All that is known of a network. */
  record InspectNetwork(String network) implements NetworkCommand<NetworkInspect> {}

  /** Gives a container an end in the network that the request names, running or not. */
  record Connect(String container, EndpointRequest endpoint) implements NetworkCommand<Void> {}

  /** Takes a container out of a network; with force, also one that is not there any more. */
  record Disconnect(String network, String container, boolean force)
      implements NetworkCommand<Void> {}

  /** Removes a network in which no container runs. */
  record RemoveNetwork(String network) implements NetworkCommand<Void> {}

  /** Removes the networks that no container has; answers their names. */
  record PruneNetworks(PruneFilter filter) implements NetworkCommand<List<String>> {}
}
