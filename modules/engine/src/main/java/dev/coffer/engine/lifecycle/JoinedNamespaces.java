package dev.coffer.engine.lifecycle;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.LiveContainer;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.kernel.Fd;
import dev.coffer.spec.runtime.NamespaceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the containers whose namespaces another one joins. */
public final class JoinedNamespaces {

  private static final String CONTAINER = "container:";

  private final ContainerIndex containers;

  /** Finds them here. */
  public JoinedNamespaces(ContainerIndex containers) {
    this.containers = containers;
  }

  /**
   * What is joined: running containers, held by pidfds so that no pid is mistaken, and a network
   * namespace that was made for this container.
   *
   * @param pids first processes of other containers, for the spec's paths
   * @param inputs names of the plan's inputs that lead there
   * @param descriptors pidfds and namespaces in the inputs' order, owned by this
   */
  public record Joined(
      Map<NamespaceType, Integer> pids, Map<NamespaceType, String> inputs, List<Fd> descriptors)
      implements AutoCloseable {

    /** The pid to join for a namespace. */
    public Optional<Integer> pid(NamespaceType type) {
      return Optional.ofNullable(pids.get(type));
    }

    /** The inputs' names in order. */
    public List<String> inputNames() {
      return inputs.values().stream().distinct().toList();
    }

    @Override
    public void close() {
      descriptors.forEach(Fd::close);
    }
  }

  /**
   * What a request joins.
   *
   * @param network the namespace that was made for a container in networks; stays the caller's.
   *     Empty where nothing is to be run.
   */
  public Joined of(ContainerRequest request, Optional<Fd> network) throws IOException {
    Map<NamespaceType, Integer> pids = new EnumMap<>(NamespaceType.class);
    // In the order of the descriptors.
    Map<NamespaceType, String> inputs = new LinkedHashMap<>();
    Joined joined = new Joined(pids, inputs, new ArrayList<>());
    try {
      String mode = request.network().mode();
      add(joined, NamespaceType.NETWORK, mode);
      if (!request.namespaces().uts().equals("host")) {
        add(joined, NamespaceType.UTS, mode);
      }
      if (request.network().isConnected()) {
        joined.inputs.put(NamespaceType.NETWORK, input(NamespaceType.NETWORK));
        if (network.isPresent()) {
          joined.descriptors.add(network.get().duplicate());
        }
      }
      add(joined, NamespaceType.PID, request.namespaces().pid());
      add(joined, NamespaceType.IPC, request.namespaces().ipc());
      return joined;
    } catch (IOException | RuntimeException e) {
      joined.close();
      throw e;
    }
  }

  private void add(Joined joined, NamespaceType type, String mode) throws IOException {
    if (!mode.startsWith(CONTAINER)) {
      return;
    }
    Container target = containers.find(mode.substring(CONTAINER.length()));
    LiveContainer live =
        target
            .live()
            .orElseThrow(
                () ->
                    new EngineException(
                        Kind.CONFLICT,
                        "cannot join the %s namespace of container \"%s\": it is not running (start it)"
                            .formatted(type.spelling(), target.name())));
    joined.pids.put(type, live.connection().pid());
    joined.inputs.put(type, input(type));
    joined.descriptors.add(live.connection().pidfd());
  }

  private static String input(NamespaceType type) {
    return "namespace-" + type.spelling();
  }
}
