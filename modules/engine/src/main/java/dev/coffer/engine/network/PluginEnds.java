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
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.cni.Cni;
import dev.coffer.network.cni.CniResult;
import dev.coffer.network.cni.NetworkList;
import dev.coffer.network.cni.Remembered;
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

/** Containers' ends of networks that plugins make. Whoever calls holds the container's lock. */
final class PluginEnds {

  private static final String PORTS = "portMappings";

  private final Networks networks;

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
    Cni cni = networks.host().plugins();
    forget(cni, network, config.id(), promised.device());
    CniResult result =
        cni.add(
            list, place(config, attachment, list, ports, promised.device()), Cni.path(namespace));
    GivenEnd given = given(promised, result);
    try {
      require(network, attachment.wanted(), given);
      return attachment.with(given);
    } catch (EngineException e) {
      disconnect(config.id(), network, promised.device(), Optional.of(namespace));
      throw e;
    }
  }

  /** What an engine that was killed may have left in the very place. */
  private static void forget(Cni cni, Network network, String container, String device)
      throws IOException {
    Optional<Remembered> left = cni.remembered(network.name(), container, device);
    if (left.isPresent()) {
      cni.del(left.get(), Optional.empty());
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
    }
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
