package dev.coffer.network.host;

import dev.coffer.kernel.Fd;
import dev.coffer.network.Failures;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.AddressSource;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.Endpoint;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.InputPolicy;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.network.driver.Sandbox;
import dev.coffer.network.firewall.BridgeRules;
import dev.coffer.network.firewall.Firewall;
import dev.coffer.network.firewall.NftFirewall;
import dev.coffer.network.firewall.PortForward;
import dev.coffer.network.host.Bridges.Bridge;
import dev.coffer.network.link.AddressRequests.OfDevice;
import dev.coffer.network.link.Link;
import dev.coffer.network.link.RouteSocket;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The networks of the host that a {@link NamespaceThread} is at home in. Everything is said to the
 * kernel directly; no program is started.
 */
public final class HostNetworks implements NetworkDriver {
  private static final String FIRST_DEVICE = "eth0";

  private final AddressSource addresses;
  private final InputPolicy inputPolicy;
  private final RouteSocket socket;
  private final Firewall firewall;
  private final Forwarding forwarding;
  private final Bridges bridges;
  private final Ends ends;
  private final Remover remover;
  private final SandboxPool pool;
  private final Map<String, Bridge> known = new ConcurrentHashMap<>();

  /** Networks that are to have a bridge, by id. */
  private final Set<String> wanted = new HashSet<>();

  /** Devices of which the packet filter has been told. */
  private final Set<String> filtered = new HashSet<>();

  /** Held while networks come and go. */
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Which of the networks on a host are an engine's, and what is usual of them.
   *
   * @param mark what is noted on its devices, such as {@code coffer:5f3a7c21}
   * @param table the packet filter's table
   * @param inputPolicy of networks that say nothing of it
   * @param forwarding a file of the engine's that is gone, or counts for nothing, after a reboot
   */
  public record Ownership(String mark, String table, InputPolicy inputPolicy, Path forwarding) {}

  private HostNetworks(
      NamespaceThread thread,
      AddressSource addresses,
      Ownership ownership,
      RouteSocket socket,
      RouteSocket removing,
      Firewall firewall) {
    String mark = ownership.mark();
    this.addresses = addresses;
    this.inputPolicy = ownership.inputPolicy();
    this.socket = socket;
    this.firewall = firewall;
    this.forwarding = new Forwarding(thread, socket, ownership.forwarding());
    this.bridges = new Bridges(thread, socket, removing, mark);
    this.ends = new Ends(thread, socket, mark);
    this.remover = new Remover(removing);
    this.pool = new SandboxPool(new Preparing());
  }

  /**
   * Opens those of a host; nothing changes by that.
   *
   * @param thread whose home the host is, and which outlives the result
   * @param addresses where namespaces that are prepared have their addresses from
   * @param ownership which are ours
   */
  public static HostNetworks open(
      NamespaceThread thread, AddressSource addresses, Ownership ownership) throws IOException {
    List<RouteSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        sockets.add(thread.atHome(RouteSocket::open));
      }
      Firewall firewall = thread.atHome(() -> NftFirewall.open(ownership.table()));
      return new HostNetworks(
          thread, addresses, ownership, sockets.get(0), sockets.get(1), firewall);
    } catch (IOException | RuntimeException e) {
      sockets.forEach(RouteSocket::close);
      throw e;
    }
  }

  @Override
  public void replace(Collection<NetworkSpec> networks, Collection<Endpoint> endpoints)
      throws IOException {
    lock.lock();
    try {
      pool.clear();
      known.clear();
      wanted.clear();
      List<NetworkSpec> bridged = networks.stream().filter(HostNetworks::isBridge).toList();
      bridged.forEach(network -> wanted.add(network.id()));
      Map<String, Link> present = removeOthers(bridged, endpoints);
      List<OfDevice> inUse = socket.addresses();
      Failures failures = new Failures();
      failures.attempt(() -> restrict(bridged));
      // First, and also of bridges that cannot be corrected: there may be containers on them.
      failures.attempt(() -> tellFirewall(bridged, present, endpoints));
      for (NetworkSpec network : bridged) {
        Link link = present.get(network.device());
        failures.attempt(
            () ->
                known.put(
                    network.id(),
                    link == null ? bridges.make(network) : bridges.correct(network, link, inUse)));
      }
      failures.report();
    } finally {
      lock.unlock();
    }
  }

  /** Before the host passes packets on for networks: what it is not to pass on for others. */
  private void restrict(Collection<NetworkSpec> networks) throws IOException {
    List<NetworkSpec> open = networks.stream().filter(each -> !each.internal()).toList();
    firewall.restrict(
        open.isEmpty()
            ? forwarding.noted()
            : forwarding.prepare(open.stream().anyMatch(NetworkSpec::hasIpv6)));
  }

  /** Removes devices of ours that nobody speaks of; the others of the host by name. */
  private Map<String, Link> removeOthers(
      Collection<NetworkSpec> networks, Collection<Endpoint> endpoints) throws IOException {
    Set<String> devices = new HashSet<>();
    networks.forEach(network -> devices.add(network.device()));
    endpoints.forEach(end -> devices.add(EndNames.of(end.network(), end.spec())));
    Map<String, Link> present =
        socket.links().stream()
            .collect(Collectors.toMap(Link::name, Function.identity(), (_, later) -> later));
    for (Link link : present.values()) {
      if (bridges.isOurs(link) && !devices.contains(link.name())) {
        socket.remove(link.name());
      }
    }
    return present;
  }

  private void tellFirewall(
      Collection<NetworkSpec> networks, Map<String, Link> present, Collection<Endpoint> endpoints)
      throws IOException {
    List<BridgeRules> rules =
        networks.stream()
            .map(network -> network.rules(inputPolicy))
            .filter(bridge -> isFreeOrOurs(present.get(bridge.device())))
            .toList();
    filtered.clear();
    if (rules.isEmpty()) {
      firewall.clear();
      return;
    }
    firewall.replace(
        rules, endpoints.stream().flatMap(endpoint -> endpoint.spec().ports().stream()).toList());
    rules.forEach(bridge -> filtered.add(bridge.device()));
  }

  private boolean isFreeOrOurs(Link link) {
    return link == null || bridges.isOurs(link);
  }

  @Override
  public void create(NetworkSpec network) throws IOException {
    if (network.hasIpv6() && !Settings.hasIpv6()) {
      throw new IOException("the kernel has no IPv6 (it was started without, or lacks it)");
    }
    switch (network.driver()) {
      case BRIDGE -> {
        lock.lock();
        try {
          wanted.add(network.id());
          bridge(network);
        } finally {
          lock.unlock();
        }
      }
      case MACVLAN, IPVLAN -> requireParent(network);
      case CNI -> {
        // Plugins make it with its first container.
      }
    }
  }

  private static boolean isBridge(NetworkSpec network) {
    return network.driver() == Driver.BRIDGE;
  }

  private void requireParent(NetworkSpec network) throws IOException {
    String parent = network.parent().orElseThrow();
    if (socket.find(parent).isEmpty()) {
      throw new IOException("the host has no device \"" + parent + "\"");
    }
  }

  /** Makes the bridge of a network, or corrects it, unless the network was removed meanwhile. */
  private Bridge bridge(NetworkSpec network) throws IOException {
    lock.lock();
    try {
      if (!wanted.contains(network.id())) {
        throw new IOException("it was removed");
      }
      bridges.requireFreeOrOurs(network);
      restrict(List.of(network));
      firewall.put(network.rules(inputPolicy));
      filtered.add(network.device());
      try {
        Bridge bridge = bridges.put(network);
        known.put(network.id(), bridge);
        return bridge;
      } catch (IOException | RuntimeException e) {
        if (bridges.isGone(network)) {
          forget(network);
        }
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(NetworkSpec network) throws IOException {
    if (!isBridge(network)) {
      return;
    }
    lock.lock();
    try {
      if (pool.isOf(network)) {
        pool.clear();
      }
      wanted.remove(network.id());
      known.remove(network.id());
      bridges.remove(network);
      forget(network);
    } finally {
      lock.unlock();
    }
  }

  private void forget(NetworkSpec network) throws IOException {
    if (filtered.remove(network.device())) {
      if (filtered.isEmpty()) {
        firewall.clear();
      } else {
        firewall.remove(network.device());
      }
    }
  }

  @Override
  public Sandbox sandbox(Optional<NetworkSpec> first) throws IOException {
    Optional<Sandbox> ready = first.filter(HostNetworks::isBridge).flatMap(pool::take);
    return ready.isPresent() ? ready.get() : Sandbox.of(ends.namespace());
  }

  @Override
  public void discardPrepared() {
    pool.clear();
  }

  private final class Preparing implements SandboxPool.Source {
    @Override
    public Optional<Sandbox> make(NetworkSpec network) throws IOException {
      List<InterfaceAddress> taken = addresses.take(network);
      if (taken.isEmpty()) {
        return Optional.empty();
      }
      try {
        EndpointSpec end = end(network, taken);
        Fd namespace = ends.namespace();
        try {
          join(namespace, network, end);
          return Optional.of(new Sandbox(namespace, Optional.of(new Endpoint(network, end))));
        } catch (IOException | RuntimeException e) {
          namespace.close();
          throw e;
        }
      } catch (IOException | RuntimeException e) {
        addresses.giveBack(network, taken);
        throw e;
      }
    }

    private EndpointSpec end(NetworkSpec network, List<InterfaceAddress> taken) {
      List<InetAddress> gateways =
          network.internal()
              ? List.of()
              : network.ranges().stream().map(AddressRange::gateway).toList();
      MacAddress mac = MacAddress.of(taken.getFirst().address());
      return new EndpointSpec(FIRST_DEVICE, taken, mac, gateways, List.of());
    }

    @Override
    public void discard(Sandbox unused) {
      Endpoint end = unused.prepared().orElseThrow();
      unused.close();
      addresses.giveBack(end.network(), end.spec().addresses());
    }
  }

  @Override
  public void connect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    try {
      if (!isReady(sandbox, network, endpoint)) {
        removePrepared(sandbox, network);
        join(sandbox.namespace(), network, endpoint);
      }
      publish(sandbox, network, endpoint);
    } catch (IOException e) {
      throw new IOException(
          "cannot connect to network \"%s\": %s".formatted(network.name(), e.getMessage()), e);
    }
  }

  private void part(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    if (isBridge(network)) {
      remover.remove(EndNames.of(network, endpoint));
    } else {
      ends.leave(sandbox.namespace(), endpoint);
    }
  }

  private void removePrepared(Sandbox sandbox, NetworkSpec network) throws IOException {
    Optional<Endpoint> other =
        sandbox.prepared().filter(end -> end.network().id().equals(network.id()));
    if (other.isPresent()) {
      remover.remove(EndNames.of(other.get().network(), other.get().spec()));
    }
  }

  private static boolean isReady(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint) {
    return sandbox
        .prepared()
        .filter(end -> end.network().equals(network))
        .filter(end -> end.spec().equals(endpoint.withoutPorts()))
        .isPresent();
  }

  private void join(Fd namespace, NetworkSpec network, EndpointSpec endpoint) throws IOException {
    if (!isBridge(network)) {
      ends.share(namespace, network, endpoint);
      return;
    }
    Bridge bridge = known.get(network.id());
    if (bridge == null) {
      ends.join(namespace, bridge(network), endpoint);
      return;
    }
    try {
      ends.join(namespace, bridge, endpoint);
    } catch (IOException e) {
      boolean there =
          socket.find(network.device()).filter(link -> link.index() == bridge.index()).isPresent();
      if (there) {
        throw e;
      }
      // Somebody has removed the bridge's device.
      ends.join(namespace, bridge(network), endpoint);
    }
  }

  private void publish(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    if (endpoint.ports().isEmpty()) {
      return;
    }
    try {
      firewall.publish(endpoint.ports());
    } catch (IOException | RuntimeException e) {
      part(sandbox, network, endpoint);
      throw e;
    }
  }

  @Override
  public void publish(Collection<PortForward> ports) throws IOException {
    if (!ports.isEmpty()) {
      firewall.publish(ports);
    }
  }

  @Override
  public void withdraw(Collection<PortForward> ports) throws IOException {
    if (!ports.isEmpty()) {
      firewall.withdraw(ports);
    }
  }

  @Override
  public void disconnect(Sandbox sandbox, NetworkSpec network, EndpointSpec endpoint)
      throws IOException {
    withdraw(endpoint.ports());
    part(sandbox, network, endpoint);
  }

  @Override
  public void release(NetworkSpec network, EndpointSpec endpoint) throws IOException {
    withdraw(endpoint.ports());
    if (isBridge(network)) {
      remover.removeSoon(EndNames.of(network, endpoint));
    }
  }

  @Override
  public void route(Sandbox sandbox, Collection<InetAddress> gateways) throws IOException {
    ends.route(sandbox.namespace(), gateways);
  }

  @Override
  public Optional<String> notice() {
    return firewall.notice();
  }

  @Override
  public List<Subnet> routes() throws IOException {
    Set<Subnet> subnets = new LinkedHashSet<>();
    socket.routes().forEach(route -> subnets.add(route.to()));
    for (OfDevice each : socket.addresses()) {
      subnets.add(new Subnet(each.address().address(), each.address().prefix()));
    }
    subnets.removeIf(subnet -> subnet.prefix() == 0);
    return new ArrayList<>(subnets);
  }

  @Override
  public void letPass(Set<String> devices) throws IOException {
    firewall.letPass(devices);
  }

  @Override
  public void close() {
    pool.close();
    remover.close();
    firewall.close();
    socket.close();
  }
}
