package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.StateStore;
import dev.coffer.kernel.Fd;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.cni.Remembered;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.dns.Resolver;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.Protocol;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.ArrayList;
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

  private static final InetAddress EVERYWHERE = InetAddress.ofLiteral("0.0.0.0");

  private final Networks networks;
  private final ContainerIndex containers;
  private final StateStore store;
  private final Ids ids;
  private final HostResolvers resolvers;
  private final NameFiles files;
  private final PluginEnds plugins;
  private final Map<String, Connected> connected = new ConcurrentHashMap<>();

  /** Connects with these. */
  public Connections(
      Networks networks,
      ContainerIndex containers,
      StateStore store,
      Ids ids,
      HostResolvers resolvers) {
    this.networks = networks;
    this.containers = containers;
    this.store = store;
    this.ids = ids;
    this.resolvers = resolvers;
    this.files = new NameFiles(networks, containers, resolvers);
    this.plugins = new PluginEnds(networks);
  }

  /** What a running container has of the engine itself; a new engine takes it anew. */
  private static final class Connected {
    private PublishedPorts ports = new PublishedPorts();
    private Optional<Resolver.Service> names = Optional.empty();

    /** Of containers in networks of plugins, who want to see it once more in the end. */
    private Optional<Fd> namespace = Optional.empty();

    void close() {
      ports.close();
      names.ifPresent(Resolver.Service::close);
      namespace.ifPresent(Fd::close);
    }
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
   * @throws EngineException that names the network or the port
   */
  public Optional<Prepared> prepare(Container container) throws IOException {
    ContainerConfig config = container.config();
    if (!config.request().network().isConnected()) {
      return Optional.empty();
    }
    List<PublishedPort> wanted = PublishedPorts.wanted(config);
    Membership asked = container.membership().atRest();
    List<Place> places = places(asked);
    NetworkHost host = networks.host();
    for (Place place : places) {
      place.network().ensure(host.driver());
    }
    Sandbox sandbox = host.driver().sandbox(preparedFor(places));
    Prepared prepared = new Prepared(container, sandbox);
    try {
      Connected engines = new Connected();
      connected.put(config.id(), engines);
      giveEnds(container, places, sandbox);
      takePorts(container, places, host, wanted, engines);
      save(container, container.membership());
      List<Endpoint> ends = ends(container);
      for (Endpoint end : ends) {
        host.driver().connect(sandbox, end.network(), end.spec());
      }
      connectByPlugins(container, places, sandbox, engines, ends);
      files.write(config, container.membership(), store.directory(config.id()));
      serveNames(container, host, sandbox.namespace(), engines);
      enter(container);
      return Optional.of(prepared);
    } catch (IOException | RuntimeException e) {
      prepared.close();
      container.setMembership(asked);
      // What is wrong may be that somebody else has removed a bridge.
      places.forEach(place -> place.network().doubt());
      throw e;
    }
  }

  private void connectByPlugins(
      Container container,
      List<Place> places,
      Sandbox sandbox,
      Connected engines,
      List<Endpoint> others)
      throws IOException {
    List<Attachment> all = plugins.of(container);
    if (all.isEmpty()) {
      return;
    }
    engines.namespace = Optional.of(sandbox.namespace().duplicate());
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
      save(container, membership.with(Attachment.replaced(membership.attachments(), given)));
    }
    List<InetAddress> gateways =
        others.stream().flatMap(each -> each.spec().gateways().stream()).toList();
    if (!gateways.isEmpty()) {
      // Plugins may have set others since.
      networks.host().driver().route(sandbox, gateways);
    }
  }

  private static boolean hasPortsInBridge(List<Place> places) {
    return DefaultRoute.forPorts(places, false).isPresent()
        || DefaultRoute.forPorts(places, true).isPresent();
  }

  /** By name: a network that was made anew under the name of another takes its place. */
  List<Place> places(Membership membership) {
    return membership.attachments().stream()
        .map(each -> new Place(networks.find(each.wanted().network()), each.wanted()))
        .toList();
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

  private void giveEnds(Container container, List<Place> places, Sandbox sandbox) {
    String id = container.id();
    Membership made = Membership.NONE;
    container.setMembership(made);
    for (Place place : places) {
      Network network = place.network();
      String device = Ends.freeDevice(made, network.options().devicePrefix());
      if (network.isOfPlugins()) {
        made =
            made.with(
                new Attachment(
                    network.record().id(),
                    place.wanted(),
                    Optional.of(Ends.promised(ids.next(), device))));
        container.setMembership(made);
        continue;
      }
      List<InterfaceAddress> addresses;
      if (sandbox.prepared().isPresent()) {
        addresses = sandbox.prepared().get().spec().addresses();
        network.pass(addresses, id);
      } else {
        addresses = take(network, place.wanted(), id);
      }
      GivenEnd end =
          Ends.given(
              ids.next(),
              device,
              addresses,
              place.wanted(),
              DefaultRoute.gateways(places, network));
      made = made.with(new Attachment(network.record().id(), place.wanted(), Optional.of(end)));
      // Step by step: what was given is taken back with the membership.
      container.setMembership(made);
    }
  }

  /** What is kept ready for others may have the last ones. */
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

  private void takePorts(
      Container container,
      List<Place> places,
      NetworkHost host,
      List<PublishedPort> wanted,
      Connected engines) {
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
    engines.ports =
        PublishedPorts.take(
            host,
            wanted,
            ipv4.map(network -> network.options().hostBinding().orElse(EVERYWHERE)),
            ipv6.isPresent(),
            this::holder);
    container.setMembership(container.membership().withPorts(engines.ports.given()));
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

  /** The container's ends as the driver takes them. */
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

  private void serveNames(Container container, NetworkHost host, Fd namespace, Connected engines)
      throws IOException {
    Membership membership = container.membership();
    if (!files.hasResolver(membership)) {
      return;
    }
    ContainerNames names = new ContainerNames(container, networks, resolvers);
    Resolver.Service service;
    try {
      service = host.serve(namespace, membership.resolverPort(), names);
    } catch (IOException taken) {
      if (membership.resolverPort() == 0) {
        throw taken;
      }
      service = host.serve(namespace, 0, names);
    }
    engines.names = Optional.of(service);
    if (service.port() != membership.resolverPort()) {
      save(container, membership.withResolverPort(service.port()));
    }
  }

  private void enter(Container container) {
    for (Attachment attachment : container.membership().attachments()) {
      if (attachment.end().isPresent()) {
        networks
            .get(attachment.networkId())
            .ifPresent(network -> network.enter(Member.of(container.config(), attachment)));
      }
    }
  }

  void save(Container container, Membership membership) throws IOException {
    container.setMembership(membership);
    store.saveMembership(container.id(), membership);
  }

  /**
   * Notes that a container has ended: nobody finds it any more, and its ports are free when this
   * returns.
   */
  public Rest end(Container container) {
    Membership membership = container.membership();
    Connected engines = connected.remove(container.id());
    boolean none = membership.attachments().stream().allMatch(each -> each.end().isEmpty());
    if (engines == null && none) {
      return () -> {};
    }
    List<Endpoint> ends = ends(container);
    List<Attachment> byPlugins = plugins.of(container);
    container.setMembership(membership.atRest());
    for (Attachment attachment : membership.attachments()) {
      networks.get(attachment.networkId()).ifPresent(each -> each.leave(container.id()));
    }
    if (!membership.ports().isEmpty()) {
      release(container, ends);
    }
    // Now: the container may be started again at once, and for plugins it is in the same place.
    disconnectByPlugins(
        container, byPlugins, engines == null ? Optional.empty() : engines.namespace);
    if (engines != null) {
      engines.close();
    }
    boolean gone = membership.ports().isEmpty();
    return () -> {
      if (gone) {
        release(container, ends);
      }
      if (!container.config().isEphemeral()) {
        saveAtRest(container);
      }
    };
  }

  private void disconnectByPlugins(
      Container container, List<Attachment> all, Optional<Fd> namespace) {
    for (Attachment each : all.reversed()) {
      Network network = networks.get(each.networkId()).orElseThrow();
      try {
        plugins.disconnect(container.id(), network, each.end().orElseThrow().device(), namespace);
      } catch (IOException | RuntimeException e) {
        // It stays remembered; the next engine tries again.
        log(
            "cannot take container %s out of network %s"
                .formatted(container.name(), network.name()),
            e);
      }
    }
  }

  private void saveAtRest(Container container) {
    try {
      store.saveMembership(container.id(), container.membership());
    } catch (IOException e) {
      log("cannot save the networks of container " + container.name(), e);
    }
  }

  private void release(Container container, List<Endpoint> ends) {
    for (Endpoint end : ends) {
      try {
        networks.host().driver().release(end.network(), end.spec());
        networks.get(end.network().id()).ifPresent(each -> each.giveBack(end.spec().addresses()));
      } catch (IOException | RuntimeException e) {
        log(
            "cannot take container %s out of network %s"
                .formatted(container.name(), end.network().name()),
            e);
      }
    }
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
    enter(container);
  }

  /**
   * Brings the host to what the records say, and gives running containers again what an engine does
   * for them. Does nothing where there is no network.
   */
  public void begin(Collection<Container> running) {
    Map<String, Connected> earlier = Map.copyOf(connected);
    try {
      if (networks.all().stream().allMatch(Network::isOfPlugins)
          && networks.remembered().isEmpty()) {
        return;
      }
      List<Endpoint> ends = running.stream().flatMap(each -> ends(each).stream()).toList();
      List<Network> all = List.copyOf(networks.all());
      networks.hostAsFound().driver().replace(all.stream().map(Network::spec).toList(), ends);
      all.forEach(Network::trust);
    } catch (IOException | EngineException e) {
      log("cannot bring the networks to what they were", e);
      return;
    } finally {
      networks.begun();
    }
    for (Container container : running) {
      container.lock().lock();
      try {
        Connected engines = earlier.get(container.id());
        if (engines != null && engines == connected.get(container.id())) {
          resume(container, networks.host(), engines);
        }
      } finally {
        container.lock().unlock();
      }
    }
    plugins.remembered().forEach(this::sweep);
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
        if (!connected.containsKey(container.get().id())) {
          plugins.sweep(left);
        }
      } finally {
        container.get().lock().unlock();
      }
    } catch (IOException | RuntimeException e) {
      log("cannot clean up network " + left.network().name(), e);
    }
  }

  private void resume(Container container, NetworkHost host, Connected engines) {
    if (container.live().isEmpty()) {
      return;
    }
    try {
      engines.ports = PublishedPorts.again(host, container.membership().ports());
    } catch (IOException e) {
      log("cannot keep the ports of container " + container.name() + " from others", e);
    }
    try (Sandbox sandbox = sandbox(container)) {
      if (!plugins.of(container).isEmpty()) {
        engines.namespace = Optional.of(sandbox.namespace().duplicate());
      }
      serveNames(container, host, sandbox.namespace(), engines);
    } catch (IOException e) {
      log("container " + container.name() + " has no name server", e);
    }
  }

  /** Has plugins take a container that lives on into one more network. */
  Attachment connectByPlugins(Container container, Attachment attachment, Sandbox sandbox)
      throws IOException {
    Connected engines = connected.computeIfAbsent(container.id(), _ -> new Connected());
    if (engines.namespace.isEmpty()) {
      engines.namespace = Optional.of(sandbox.namespace().duplicate());
    }
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
    if (engines.names.isEmpty()) {
      serveNames(container, host, sandbox.namespace(), engines);
    }
    files.write(container.config(), container.membership(), store.directory(container.id()));
  }

  /** Notes a container's new name, by which others find it. */
  public void renamed(Container container) {
    if (connected.containsKey(container.id())) {
      enter(container);
    }
  }

  private static void log(String what, Exception cause) {
    System.getLogger(Connections.class.getName())
        .log(Level.WARNING, what + ": " + cause.getMessage(), cause);
  }

  /** Lets go of what the engine itself has; containers stay connected. */
  @Override
  public void close() {
    connected.values().forEach(Connected::close);
    connected.clear();
  }
}
