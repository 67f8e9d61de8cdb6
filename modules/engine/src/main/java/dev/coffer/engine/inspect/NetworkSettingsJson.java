package dev.coffer.engine.inspect;

import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.network.Networks;
import dev.coffer.engine.network.PortTable;
import dev.coffer.engine.state.Attachment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.GivenPort;
import dev.coffer.engine.state.Membership;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code NetworkSettings} object of an inspected container. */
final class NetworkSettingsJson {

  private static final GivenEnd NONE =
      new GivenEnd("", "", List.of(), "", List.of(), Optional.empty());

  private NetworkSettingsJson() {}

  static JsonObject of(
      ContainerConfig config, Membership membership, boolean running, Optional<Integer> pid) {
    NetworkRequest request = config.request().network();
    GivenEnd inDefault =
        membership.attachments().stream()
            .filter(each -> each.wanted().network().equals(Networks.BRIDGE))
            .flatMap(each -> each.end().stream())
            .findFirst()
            .orElse(NONE);
    JsonObject.Builder networks = JsonObject.builder();
    if (request.isConnected()) {
      membership
          .attachments()
          .forEach(each -> networks.put(each.wanted().network(), network(config, each)));
    } else if (!request.joinsContainer()) {
      networks.put(
          request.shownMode(),
          network(config, new Attachment("", EndpointRequest.plain(""), Optional.empty())));
    }
    return JsonObject.builder()
        .put("Bridge", "")
        .put("SandboxID", running ? config.id() : "")
        .put("SandboxKey", pid.map(number -> "/proc/" + number + "/ns/net").orElse(""))
        .put("Ports", running ? ports(config, membership) : JsonObject.EMPTY)
        .put("HairpinMode", false)
        .put("LinkLocalIPv6Address", "")
        .put("LinkLocalIPv6PrefixLen", 0)
        .putNull("SecondaryIPAddresses")
        .putNull("SecondaryIPv6Addresses")
        .put("EndpointID", inDefault.endpointId())
        .put("Gateway", gateway(inDefault, false))
        .put("GlobalIPv6Address", address(inDefault, true))
        .put("GlobalIPv6PrefixLen", prefix(inDefault, true))
        .put("IPAddress", address(inDefault, false))
        .put("IPPrefixLen", prefix(inDefault, false))
        .put("IPv6Gateway", gateway(inDefault, true))
        .put("MacAddress", inDefault.mac())
        .put("Networks", networks.build())
        .build();
  }

  private static JsonObject network(ContainerConfig config, Attachment attachment) {
    GivenEnd end = attachment.end().orElse(NONE);
    EndpointRequest wanted = attachment.wanted();
    boolean hasNames = !wanted.network().equals(Networks.BRIDGE) && !wanted.network().isEmpty();
    return JsonObject.builder()
        .put("IPAMConfig", ipam(wanted))
        .put("Links", ConfigJson.stringsOrNull(wanted.links()))
        .put("Aliases", ConfigJson.stringsOrNull(wanted.aliases()))
        .put("MacAddress", end.mac())
        .putNull("DriverOpts")
        .put("GwPriority", wanted.gatewayPriority())
        .put("NetworkID", attachment.networkId())
        .put("EndpointID", end.endpointId())
        .put("Gateway", gateway(end, false))
        .put("IPAddress", address(end, false))
        .put("IPPrefixLen", prefix(end, false))
        .put("IPv6Gateway", gateway(end, true))
        .put("GlobalIPv6Address", address(end, true))
        .put("GlobalIPv6PrefixLen", prefix(end, true))
        .put("DNSNames", hasNames ? names(config, wanted) : JsonNull.NULL)
        .build();
  }

  private static JsonValue ipam(EndpointRequest wanted) {
    if (wanted.ip().isEmpty() && wanted.ip6().isEmpty()) {
      return JsonNull.NULL;
    }
    JsonObject.Builder json = JsonObject.builder();
    wanted.ip().ifPresent(ip -> json.put("IPv4Address", ip));
    wanted.ip6().ifPresent(ip -> json.put("IPv6Address", ip));
    return json.build();
  }

  private static JsonValue names(ContainerConfig config, EndpointRequest wanted) {
    List<String> names = new ArrayList<>(List.of(config.name()));
    names.addAll(wanted.aliases());
    names.add(config.shortId());
    if (!config.hostname().equals(config.shortId())) {
      names.add(config.hostname());
    }
    return JsonValue.ofStrings(names.stream().distinct().toList());
  }

  private static String gateway(GivenEnd end, boolean ipv6) {
    return NetworkJson.first(end.gateways(), ipv6);
  }

  private static String address(GivenEnd end, boolean ipv6) {
    return first(end, ipv6).map(each -> Subnet.text(each.address())).orElse("");
  }

  private static int prefix(GivenEnd end, boolean ipv6) {
    return first(end, ipv6).map(InterfaceAddress::prefix).orElse(0);
  }

  private static Optional<InterfaceAddress> first(GivenEnd end, boolean ipv6) {
    return end.interfaceAddresses().stream().filter(each -> each.isIpv6() == ipv6).findFirst();
  }

  private static JsonObject ports(ContainerConfig config, Membership membership) {
    JsonObject.Builder json = JsonObject.builder();
    PortTable.of(config, membership)
        .forEach(
            (port, given) ->
                json.put(
                    port,
                    given.isEmpty()
                        ? JsonNull.NULL
                        : JsonArray.of(given, NetworkSettingsJson::binding)));
    return json.build();
  }

  private static JsonObject binding(GivenPort port) {
    return JsonObject.builder()
        .put("HostIp", port.hostAddress())
        .put("HostPort", Integer.toString(port.hostPort()))
        .build();
  }
}
