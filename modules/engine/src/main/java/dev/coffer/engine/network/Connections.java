package dev.coffer.engine.network;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.StateStore;
import dev.coffer.kernel.Fd;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.driver.Sandbox;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects containers with their networks, as they start, run and end. Whoever calls holds the
 * container's lock.
 *
 * <p>What a container has is written down in its {@code network.json} before anything on the host
 * is made: the next engine finds what is there, and whose it is.
 */
public final class Connections implements AutoCloseable {

  private final Networks networks;
  private final Memberships memberships;
  private final PluginEnds plugins;
  private final NameService names;
  private final Arrival arrival;
  private final Departure departure;
  private final Resumption resumption;
  private final Map<String, Connected> connected = new ConcurrentHashMap<>();

  /** Connects with these. */
  public Connections(
      Networks networks,
      ContainerIndex containers,
      StateStore store,
      Ids ids,
      HostResolvers resolvers) {
    this.networks = networks;
    this.memberships = new Memberships(networks, store);
    this.plugins = new PluginEnds(networks);
    this.names = new NameService(memberships, containers, resolvers);
    this.arrival = new Arrival(memberships, containers, ids, plugins, names);
    this.departure = new Departure(memberships, plugins);
    this.resumption = new Resumption(memberships, containers, plugins, names, this::connected);
  }

  private Optional<Connected> connected(Container container) {
    return Optional.ofNullable(connected.get(container.id()));
  }

  /** A namespace with all of a container's ends in it, before there is a process. */
  public final class Prepared implements AutoCloseable {
    private final Container container;
    private final Sandbox sandbox;
    private boolean kept;

    private Prepared(Container container, Sandbox sandbox) {
      this.container = container;
      this.sandbox = sandbox;
    }

    /** The network namespace. */
    public Fd namespace() {
      return sandbox.namespace();
    }

    /** Says that a process is in it. */
    public void keep() {
      kept = true;
    }

    /** Lets go of the namespace; takes all back when nobody is in it. */
    @Override
    public void close() {
      sandbox.close();
      if (!kept) {
        end(container).run();
      }
    }
  }

  /** What is left to do once a container has ended, for when nobody waits. */
  public interface Rest {
    /** Does it. */
    void run();
  }

  /**
   * Makes the namespace of a container that is about to start; empty when it shares another's, or
   * has one without networks.
   *
   * @throws dev.coffer.engine.EngineException that names the network or the port
   */
  public Optional<Prepared> prepare(Container container) throws IOException {
    ContainerConfig config = container.config();
    if (!config.request().network().isConnected()) {
      return Optional.empty();
    }
    List<PublishedPort> wanted = PublishedPorts.wanted(config);
    Membership asked = container.membership().atRest();
    List<Place> places = memberships.places(asked);
    NetworkHost host = networks.host();
    Sandbox sandbox = arrival.sandbox(host, places);
    Prepared prepared = new Prepared(container, sandbox);
    try {
      Connected engines = new Connected();
      connected.put(config.id(), engines);
      arrival.connect(container, places, wanted, host, sandbox, engines);
      return Optional.of(prepared);
    } catch (IOException | RuntimeException e) {
      prepared.close();
      container.setMembership(asked);
      // What is wrong may be that somebody else has removed a bridge.
      places.forEach(place -> place.network().doubt());
      throw e;
    }
  }

  /**
   * Notes that a container has ended: nobody finds it any more, and its ports are free when this
   * returns.
   */
  public Rest end(Container container) {
    Optional<Connected> engines = Optional.ofNullable(connected.remove(container.id()));
    boolean none =
        container.membership().attachments().stream().allMatch(each -> each.end().isEmpty());
    return engines.isEmpty() && none ? () -> {} : departure.of(container, engines);
  }

  /** Takes in a container that an earlier engine has connected; the host is not touched yet. */
  public void restore(Container container) {
    connected.put(container.id(), new Connected());
    for (Attachment attachment : container.membership().attachments()) {
      Optional<Network> network = networks.get(attachment.networkId());
      if (network.isPresent() && attachment.end().isPresent()) {
        network.get().retake(attachment.end().get().interfaceAddresses(), container.id());
      }
    }
    memberships.enter(container);
  }

  /**
   * Brings the host to what the records say, and gives running containers again what an engine does
   * for them. Does nothing where there is no network.
   */
  public void begin(Collection<Container> running) {
    resumption.begin(running, Map.copyOf(connected));
  }

  /** Records of what containers have. */
  Memberships memberships() {
    return memberships;
  }

  /** Has plugins take a container that lives on into one more network. */
  Attachment connectByPlugins(Container container, Attachment attachment, Sandbox sandbox)
      throws IOException {
    Connected engines = connected.computeIfAbsent(container.id(), _ -> new Connected());
    engines.keepNamespace(sandbox.namespace());
    return plugins.connect(container.config(), attachment, List.of(), sandbox.namespace());
  }

  /** Has plugins take a container that lives on out of a network. */
  void disconnectByPlugins(Container container, Network network, GivenEnd end, Sandbox sandbox)
      throws IOException {
    plugins.disconnect(container.id(), network, end.device(), Optional.of(sandbox.namespace()));
  }

  static Sandbox sandbox(Container container) throws IOException {
    return Sandbox.of(LiveNamespace.of(container.live().orElseThrow()));
  }

  /** Writes what a running container finds in its /etc, and serves it names where it had none. */
  void refresh(Container container, NetworkHost host, Sandbox sandbox) throws IOException {
    Connected engines = connected.computeIfAbsent(container.id(), _ -> new Connected());
    if (!engines.hasNames()) {
      names.serve(container, host, sandbox.namespace(), engines);
    }
    names.write(container);
  }

  /** Notes a container's new name, by which others find it. */
  public void renamed(Container container) {
    if (connected.containsKey(container.id())) {
      memberships.enter(container);
    }
  }

  /** Lets go of what the engine itself has; containers stay connected. */
  @Override
  public void close() {
    connected.values().forEach(Connected::close);
    connected.clear();
  }
}
