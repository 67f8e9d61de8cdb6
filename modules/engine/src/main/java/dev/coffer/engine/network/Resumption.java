package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.network.cni.Remembered;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.Sandbox;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a new engine does about the networks that an earlier one has left.
 *
 * <pre>
 *   the host is brought to what the records say      whoever asks for the host waits until here
 *   ports and name servers of what runs              one container after another
 *   what plugins have made for what does not run     is taken back
 *   plugins of networks of its own                   are told what is left
 *   what plugins have made for what runs             is looked at
 * </pre>
 */
final class Resumption {

  private final Networks networks;
  private final Memberships memberships;
  private final ContainerIndex containers;
  private final PluginEnds plugins;
  private final NameService names;

  /** What a container has of the engine itself now; empty: it does not run any more. */
  private final Function<Container, Optional<Connected>> present;

  Resumption(
      Memberships memberships,
      ContainerIndex containers,
      PluginEnds plugins,
      NameService names,
      Function<Container, Optional<Connected>> present) {
    this.networks = memberships.networks();
    this.memberships = memberships;
    this.containers = containers;
    this.plugins = plugins;
    this.names = names;
    this.present = present;
  }

  /**
   * Does all of it.
   *
   * @param earlier what the running containers had of the engine itself when it began
   */
  void begin(Collection<Container> running, Map<String, Connected> earlier) {
    try {
      if (isNothingThere()) {
        return;
      }
      correct(running);
    } catch (IOException | EngineException e) {
      Memberships.log("cannot bring the networks to what they were", e);
      return;
    } finally {
      networks.begun();
    }
    running.forEach(each -> resume(each, Optional.ofNullable(earlier.get(each.id()))));
    plugins.remembered().forEach(this::sweep);
    collect();
    running.forEach(this::check);
  }

  private boolean isNothingThere() {
    return networks.all().stream().allMatch(Network::isOfPlugins)
        && networks.remembered().isEmpty();
  }

  private void correct(Collection<Container> running) throws IOException {
    List<Endpoint> ends =
        running.stream().flatMap(each -> memberships.ends(each).stream()).toList();
    List<Network> all = List.copyOf(networks.all());
    NetworkHost host = networks.hostAsFound();
    host.driver().replace(all.stream().map(Network::spec).toList(), ends);
    all.forEach(Network::trust);
    plugins.letPass(host.driver());
  }

  private void resume(Container container, Optional<Connected> earlier) {
    container.lock().lock();
    try {
      Optional<Connected> now = present.apply(container);
      if (now.isPresent() && now.equals(earlier) && container.live().isPresent()) {
        resume(container, now.get());
      }
    } finally {
      container.lock().unlock();
    }
  }

  private void resume(Container container, Connected connected) {
    NetworkHost host = networks.host();
    try {
      connected.keep(PublishedPorts.again(host, container.membership().ports()));
    } catch (IOException e) {
      Memberships.log("cannot keep the ports of container " + container.name() + " from others", e);
    }
    try (Sandbox sandbox = Connections.sandbox(container)) {
      if (!plugins.of(container).isEmpty()) {
        connected.keepNamespace(sandbox.namespace());
      }
      names.serve(container, host, sandbox.namespace(), connected);
    } catch (IOException e) {
      Memberships.log("container " + container.name() + " has no name server", e);
    }
  }

  /** Has plugins take back what is of no running container. */
  private void sweep(Remembered left) {
    try {
      Optional<Container> container = containers.get(left.attachment().containerId());
      if (container.isEmpty()) {
        plugins.sweep(left);
        return;
      }
      container.get().lock().lock();
      try {
        if (present.apply(container.get()).isEmpty()) {
          plugins.sweep(left);
        }
      } finally {
        container.get().lock().unlock();
      }
    } catch (IOException | RuntimeException e) {
      Memberships.log("cannot clean up network " + left.network().name(), e);
    }
  }

  private void collect() {
    try {
      plugins.collect(id -> containers.get(id).flatMap(present).isPresent());
    } catch (IOException | EngineException e) {
      Memberships.log("cannot tell plugins which containers are left", e);
    }
  }

  /** Says of which running containers networks are no longer what plugins have made of them. */
  private void check(Container container) {
    container.lock().lock();
    try {
      if (container.live().isPresent() && !plugins.of(container).isEmpty()) {
        try (Sandbox sandbox = Connections.sandbox(container)) {
          plugins.check(container, sandbox.namespace());
        }
      }
    } catch (IOException e) {
      Memberships.log("container " + container.name(), e);
    } finally {
      container.lock().unlock();
    }
  }
}
