package dev.coffer.cli.value;

import dev.coffer.engine.model.EndpointRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code --network NETWORK} and {@code --network name=NETWORK,alias=…,ip=…}. */
public final class NetworkSyntax {

  private NetworkSyntax() {}

  /**
   * What one value asks for.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static EndpointRequest parse(String text) {
    if (text.indexOf('=') < 0) {
      return EndpointRequest.plain(text);
    }
    Optional<String> name = Optional.empty();
    List<String> aliases = new ArrayList<>();
    Optional<String> ip = Optional.empty();
    Optional<String> ip6 = Optional.empty();
    Optional<String> mac = Optional.empty();
    int priority = 0;
    for (String field : Csv.fields(text)) {
      int equals = field.indexOf('=');
      String value = field.substring(equals + 1).strip();
      switch (equals < 0 ? field : field.substring(0, equals)) {
        case "name" -> name = Optional.of(value);
        case "alias" -> aliases.add(value);
        case "ip" -> ip = Optional.of(value);
        case "ip6" -> ip6 = Optional.of(value);
        case "mac-address" -> mac = Optional.of(value);
        case "gw-priority" -> priority = number(value);
        case "link-local-ip", "driver-opt" ->
            throw new IllegalArgumentException(
                "invalid network \"%s\": not supported: \"%s\"".formatted(text, field));
        default ->
            throw new IllegalArgumentException(
                "invalid network \"%s\": unknown field \"%s\" (name, alias, ip, ip6, mac-address, gw-priority)"
                    .formatted(text, field));
      }
    }
    String network =
        name.filter(given -> !given.isEmpty())
            .orElseThrow(
                () -> new IllegalArgumentException("invalid network \"" + text + "\": no name="));
    return new EndpointRequest(network, aliases, List.of(), ip, ip6, mac, priority);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid gw-priority \"" + text + "\"", e);
    }
  }
}
