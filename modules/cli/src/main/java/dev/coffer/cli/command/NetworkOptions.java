package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.NetworkSyntax;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.ExtraHost;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.model.PortRange;
import dev.coffer.engine.model.PublishedPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options of {@code run} and {@code create} that concern networks, ports and names. */
final class NetworkOptions {

  /** What {@code --network} is where it is not given. */
  private static final String ENVIRONMENT = "COFFER_NETWORK";

  static final Option<List<String>> ADD_HOST =
      Option.of("add-host", Type.list(), "Add a custom host-to-IP mapping (host:ip)");
  static final Option<List<String>> DNS = Option.of("dns", Type.list(), "Set custom DNS servers");
  static final Option<List<String>> DNS_OPTION =
      Option.of("dns-option", Type.list(), "Set DNS options");
  static final Option<List<String>> DNS_SEARCH =
      Option.of("dns-search", Type.list(), "Set custom DNS search domains");
  static final Option<Optional<String>> DOMAINNAME =
      Option.of("domainname", Type.text(), "Container NIS domain name");
  static final Option<List<String>> EXPOSE =
      Option.of(
          "expose",
          Type.list(
              "list",
              text -> {
                var _ = PortRange.parse("port", text.split("/", 2)[0]);
                return text;
              }),
          "Expose a port or a range of ports");
  static final Option<Optional<String>> HOSTNAME =
      Option.of("hostname", 'h', Type.text(), "Container host name");
  static final Option<Optional<String>> IP =
      Option.of("ip", Type.text(), "IPv4 address (e.g., 172.30.100.104)");
  static final Option<Optional<String>> IP6 =
      Option.of("ip6", Type.text(), "IPv6 address (e.g., 2001:db8::33)");
  static final Option<List<String>> LINK =
      Option.of("link", Type.list(), "Add link to another container");
  static final Option<Optional<String>> MAC_ADDRESS =
      Option.of("mac-address", Type.text(), "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
  static final Option<List<EndpointRequest>> NETWORK =
      Option.of(
          "network",
          Type.list("network", NetworkSyntax::parse),
          "Connect a container to a network");
  static final Option<List<EndpointRequest>> NET =
      Option.of("net", Type.list("network", NetworkSyntax::parse), "Same as --network");
  static final Option<List<String>> NETWORK_ALIAS =
      Option.of("network-alias", Type.list(), "Add network-scoped alias for the container");
  static final Option<List<String>> PUBLISH =
      Option.of(
          "publish",
          'p',
          Type.list(
              "list",
              text -> {
                var _ = PublishedPort.parse(text);
                return text;
              }),
          "Publish a container's port(s) to the host");
  static final Option<Boolean> PUBLISH_ALL =
      Option.of("publish-all", 'P', Type.toggle(), "Publish all exposed ports to random ports");

  private NetworkOptions() {}

  /** What they ask for. */
  static NetworkRequest request(EngineRequest request, Arguments arguments) {
    List<EndpointRequest> networks = new ArrayList<>(arguments.get(NETWORK));
    networks.addAll(arguments.get(NET));
    if (networks.isEmpty()) {
      String usual = request.environment().getOrDefault(ENVIRONMENT, "");
      networks.add(
          usual.isEmpty()
              ? EndpointRequest.plain(NetworkRequest.DEFAULT)
              : NetworkSyntax.parse(usual));
    }
    networks.set(0, first(networks.getFirst(), arguments));
    String mode = networks.getFirst().network();
    boolean plain = networks.equals(List.of(EndpointRequest.plain(mode)));
    return new NetworkRequest(
        mode,
        plain ? List.of() : networks,
        arguments.get(HOSTNAME),
        arguments.get(DOMAINNAME),
        arguments.get(ADD_HOST).stream().map(NetworkOptions::extraHost).toList(),
        arguments.get(DNS),
        arguments.get(DNS_SEARCH),
        arguments.get(DNS_OPTION),
        arguments.get(PUBLISH),
        arguments.get(EXPOSE),
        arguments.get(PUBLISH_ALL));
  }

  /** The options without a network's name are of the first one. */
  private static EndpointRequest first(EndpointRequest given, Arguments arguments) {
    List<String> aliases = new ArrayList<>(given.aliases());
    aliases.addAll(arguments.get(NETWORK_ALIAS));
    List<String> links = new ArrayList<>(given.links());
    links.addAll(arguments.get(LINK));
    return new EndpointRequest(
        given.network(),
        aliases,
        links,
        once("--ip", given.ip(), arguments.get(IP)),
        once("--ip6", given.ip6(), arguments.get(IP6)),
        once("--mac-address", given.macAddress(), arguments.get(MAC_ADDRESS)),
        given.gatewayPriority());
  }

  private static Optional<String> once(
      String option, Optional<String> inNetwork, Optional<String> alone) {
    if (inNetwork.isPresent() && alone.isPresent()) {
      throw new IllegalArgumentException(
          "conflicting options: %s and the same in --network".formatted(option));
    }
    return inNetwork.or(() -> alone);
  }

  private static String extraHost(String text) {
    ExtraHost host = ExtraHost.parse(text);
    return host.name() + ":" + host.address();
  }
}
