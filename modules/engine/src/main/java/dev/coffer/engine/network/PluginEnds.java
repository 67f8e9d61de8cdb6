package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.GivenPort;
import dev.coffer.kernel.Fd;
import dev.coffer.network.Failures;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.cni.CniResult;
import dev.coffer.network.cni.NetworkList;
import dev.coffer.network.cni.Remembered;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Containers' ends of networks that plugins make. Whoever calls holds the container's lock. */
final class PluginEnds {

  private static final String PORTS = "portMappings";

  private final Networks networks;

  /** Shared while containers come, alone while plugins are told which ones there are. */
  private final ReadWriteLock collecting = new ReentrantReadWriteLock();

  PluginEnds(Networks networks) {
    this.networks = networks;
  }

  /** The network of plugins that ports of the host can lead to. */
  Optional<Network> forPorts(Collection<Place> places) {
    return places.stream()
        .map(Place::network)
        .filter(Network::isOfPlugins)
        .filter(each -> networks.list(each).filter(list -> list.can(PORTS)).isPresent())
        .findFirst();
  }

  /**
   * Has plugins give a container an end.
   *
   * @param ports of the host that are to lead there
   * @return the attachment with what they have given
   */
  Attachment connect(
      ContainerConfig config, Attachment attachment, List<GivenPort> ports, Fd namespace)
      throws IOException {
    Network network = networks.get(attachment.networkId()).orElseThrow();
    NetworkList list =
        networks
            .list(network)
            .orElseThrow(
                () ->
                    new EngineException(
                        Kind.NOT_FOUND,
                        "network \"%s\" is not configured any more".formatted(network.name())));
    GivenEnd promised = attachment.end().orElseThrow();
    CniResult result =
        add(list, place(config, attachment, list, ports, promised.device()), namespace);
    GivenEnd given = given(promised, result);
    letPass(networks.host().driver());
    try {
      require(network, attachment.wanted(), given);
      return attachment.with(given);
    } catch (EngineException e) {
      disconnect(config.id(), network, promised.device(), Optional.of(namespace));
      throw e;
    }
  }

  private CniResult add(NetworkList list, dev.coffer.network.cni.Attachment place, Fd namespace)
      throws IOException {
    Cni cni = networks.host().plugins();
    collecting.readLock().lock();
    try {
      // What an engine that was killed may have left in the very place.
      Optional<Remembered> left = cni.remembered(list.name(), place.containerId(), place.device());
      if (left.isPresent()) {
        cni.del(left.get(), Optional.empty());
      }
      cni.status(list);
      return cni.add(list, place, Cni.path(namespace));
    } finally {
      collecting.readLock().unlock();
    }
  }

  private static dev.coffer.network.cni.Attachment place(
      ContainerConfig config,
      Attachment attachment,
      NetworkList list,
      List<GivenPort> ports,
      String device) {
    EndpointRequest wanted = attachment.wanted();
    Map<String, String> arguments = new LinkedHashMap<>();
    JsonObject.Builder capabilities = JsonObject.builder();
    List<String> addresses = new ArrayList<>();
    wanted.ip().ifPresent(addresses::add);
    wanted.ip6().ifPresent(addresses::add);
    if (!addresses.isEmpty()) {
      capabilities.putStrings("ips", addresses);
      if (!list.can("ips")) {
        // How plugins were told before there were capabilities.
        arguments.put("IP", addresses.getFirst());
      }
    }
    wanted
        .macAddress()
        .ifPresent(
            mac -> {
              capabilities.put("mac", mac);
              if (!list.can("mac")) {
                arguments.put("MAC", mac);
              }
            });
    if (!arguments.isEmpty()) {
      arguments.put("IgnoreUnknown", "1");
    }
    List<String> names = new ArrayList<>(List.of(config.name()));
    names.addAll(wanted.aliases());
    capabilities.putStrings("aliases", names);
    List<String> servers = config.request().network().dns();
    List<String> search = config.request().network().dnsSearch();
    if (!servers.isEmpty() || !search.isEmpty()) {
      capabilities.put(
          "dns",
          JsonObject.builder()
              .putStrings("servers", servers)
              .putStrings("searches", search)
              .build());
    }
    capabilities.putUnlessEmpty(PORTS, mappings(ports));
    return new dev.coffer.network.cni.Attachment(
        config.id(), device, arguments, capabilities.build());
  }

  /** A port at all addresses of the host is said once, for both kinds of them. */
  private static JsonArray mappings(List<GivenPort> ports) {
    Set<JsonObject> mappings = new LinkedHashSet<>();
    for (GivenPort each : ports) {
      JsonObject.Builder mapping =
          JsonObject.builder()
              .put("hostPort", each.hostPort())
              .put("containerPort", each.containerPort())
              .put("protocol", each.protocol().word());
      InetAddress address = Subnet.parseAddress(each.hostAddress());
      if (!address.isAnyLocalAddress()) {
        mapping.put("hostIP", each.hostAddress());
      }
      mappings.add(mapping.build());
    }
    return JsonArray.of(mappings, each -> each);
  }

  private static GivenEnd given(GivenEnd promised, CniResult result) {
    CniResult.Dns dns = result.dns();
    List<String> search = new ArrayList<>(dns.search());
    if (!dns.domain().isEmpty() && !search.contains(dns.domain())) {
      search.addFirst(dns.domain());
    }
    return new GivenEnd(
        promised.endpointId(),
        promised.device(),
        result.addresses(promised.device()).stream().map(InterfaceAddress::toString).toList(),
        result.mac(promised.device()).orElse(""),
        result.gateways().stream().map(Subnet::text).toList(),
        dns.equals(CniResult.Dns.NONE)
            ? Optional.empty()
            : Optional.of(new GivenEnd.GivenDns(dns.servers(), search, dns.options())));
  }

  /** Plugins may pass over what they were asked for; users should not find out later. */
  private static void require(Network network, EndpointRequest wanted, GivenEnd given) {
    List<String> missing = new ArrayList<>();
    List<InetAddress> has =
        given.interfaceAddresses().stream().map(InterfaceAddress::address).toList();
    wanted.ip().filter(ip -> !has.contains(Subnet.parseAddress(ip))).ifPresent(missing::add);
    wanted.ip6().filter(ip -> !has.contains(Subnet.parseAddress(ip))).ifPresent(missing::add);
    wanted
        .macAddress()
        .filter(mac -> !mac.replace('-', ':').equalsIgnoreCase(given.mac()))
        .ifPresent(missing::add);
    if (!missing.isEmpty()) {
      throw new EngineException(
          Kind.NOT_SUPPORTED,
          "the plugins of network \"%s\" do not give containers the address that is asked for (%s)"
              .formatted(network.name(), missing.getFirst()));
    }
  }

  /**
   * Has plugins take back what they have given, if they have.
   *
   * @param namespace empty: it is gone
   */
  void disconnect(String container, Network network, String device, Optional<Fd> namespace)
      throws IOException {
    Cni cni = networks.host().plugins();
    Optional<Remembered> place = cni.remembered(network.name(), container, device);
    if (place.isPresent()) {
      cni.del(place.get(), namespace.map(Cni::path));
      letPass(networks.host().driver());
    }
  }

  /** Tells the packet filter which devices are of these networks. */
  void letPass(NetworkDriver driver) throws IOException {
    driver.letPass(
        remembered().stream()
            .flatMap(each -> each.result().stream())
            .flatMap(result -> result.hostDevices().stream())
            .collect(Collectors.toSet()));
  }

  /**
   * Tells the plugins of networks that nobody else on the host uses which containers are left in
   * them. Meanwhile no others come.
   *
   * @param isConnected whether the container of an id has networks
   */
  void collect(Predicate<String> isConnected) throws IOException {
    if (!networks.arePluginsOwn()) {
      return;
    }
    Failures failures = new Failures();
    collecting.writeLock().lock();
    try {
      Map<String, List<dev.coffer.network.cni.Attachment>> valid =
          remembered().stream()
              .filter(place -> isConnected.test(place.attachment().containerId()))
              .collect(
                  Collectors.groupingBy(
                      place -> place.network().name(),
                      Collectors.mapping(Remembered::attachment, Collectors.toList())));
      for (Network each : networks.all()) {
        networks
            .list(each)
            .ifPresent(
                list ->
                    failures.attempt(
                        () ->
                            networks
                                .host()
                                .plugins()
                                .gc(list, valid.getOrDefault(list.name(), List.of()))));
      }
    } finally {
      collecting.writeLock().unlock();
    }
    failures.report();
  }

  /** Has the plugins look whether a container still has what they have given it. */
  void check(Container container, Fd namespace) throws IOException {
    Cni cni = networks.host().plugins();
    Failures failures = new Failures();
    for (Attachment each : of(container)) {
      Network network = networks.get(each.networkId()).orElseThrow();
      Optional<Remembered> place =
          cni.remembered(network.name(), container.id(), each.end().orElseThrow().device());
      place.ifPresent(given -> failures.attempt(() -> cni.check(given, Cni.path(namespace))));
    }
    failures.report();
  }

  /** All that is remembered of containers. */
  List<Remembered> remembered() {
    return networks.remembered();
  }

  /** Takes back what is of no container any more. */
  void sweep(Remembered left) throws IOException {
    networks.host().plugins().del(left, Optional.empty());
  }

  /** The container's ends in networks of plugins. */
  List<Attachment> of(Container container) {
    return container.membership().attachments().stream()
        .filter(each -> each.end().isPresent())
        .filter(each -> networks.isOfPlugins(each.networkId()))
        .toList();
  }
}
