package dev.coffer.engine.inspect;

import dev.coffer.engine.model.NetworkSummary;
import dev.coffer.engine.network.Network;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/**
 * A network as {@code docker network inspect} shows it.
 *
 * <p>Source: Docker Engine API 1.47, {@code GET /networks/{id}}.
 */
public final class NetworkJson {

  private NetworkJson() {}

  /** The object of a network that has a record. */
  public static JsonObject of(Network network) {
    NetworkRecord record = network.record();
    JsonObject.Builder containers = JsonObject.builder();
    network
        .runningEnds()
        .forEach((id, end) -> containers.put(id, container(end.container(), end.end())));
    return object(
        network.summary(),
        JsonArray.of(record.ranges(), NetworkJson::range),
        record.attachable(),
        containers.build(),
        JsonValue.ofStrings(record.options()));
  }

  /** The object of one of which nothing is recorded. */
  public static JsonObject of(NetworkSummary builtIn) {
    return object(builtIn, JsonNull.NULL, false, JsonObject.EMPTY, JsonObject.EMPTY);
  }

  private static JsonObject object(
      NetworkSummary network,
      JsonValue ranges,
      boolean attachable,
      JsonObject containers,
      JsonValue options) {
    return JsonObject.builder()
        .put("Name", network.name())
        .put("Id", network.id())
        .put("Created", network.created().toString())
        .put("Scope", "local")
        .put("Driver", network.driver())
        .put("EnableIPv4", network.ipv4())
        .put("EnableIPv6", network.ipv6())
        .put(
            "IPAM",
            JsonObject.builder()
                .put("Driver", "default")
                .put("Options", JsonObject.EMPTY)
                .put("Config", ranges)
                .build())
        .put("Internal", network.internal())
        .put("Attachable", attachable)
        .put("Ingress", false)
        .put("ConfigFrom", JsonObject.builder().put("Network", "").build())
        .put("ConfigOnly", false)
        .put("Containers", containers)
        .put("Options", options)
        .put("Labels", JsonValue.ofStrings(network.labels()))
        .build();
  }

  private static JsonObject range(NetworkRecord.Range range) {
    JsonObject.Builder json = JsonObject.builder().put("Subnet", range.subnet());
    range.given().ifPresent(part -> json.put("IPRange", part));
    json.put("Gateway", range.gateway());
    if (!range.auxiliary().isEmpty()) {
      json.putStrings("AuxiliaryAddresses", range.auxiliary());
    }
    return json.build();
  }

  private static JsonObject container(String name, GivenEnd end) {
    return JsonObject.builder()
        .put("Name", name)
        .put("EndpointID", end.endpointId())
        .put("MacAddress", end.mac())
        .put("IPv4Address", first(end.addresses(), false))
        .put("IPv6Address", first(end.addresses(), true))
        .build();
  }

  static String first(List<String> addresses, boolean ipv6) {
    return addresses.stream()
        .filter(address -> address.contains(":") == ipv6)
        .findFirst()
        .orElse("");
  }
}
