package dev.coffer.engine.model;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A port of a container that is to be reached at the host.
 *
 * @param protocol the protocol
 * @param containerPort the port in the container
 * @param hostAddress the one address of the host; empty: all of them
 * @param hostPorts the ports of the host of which any will do; 0 to 0 is whatever is free
 */
public record PublishedPort(
    Protocol protocol, int containerPort, Optional<InetAddress> hostAddress, PortRange hostPorts) {

  private static final PortRange ANY = new PortRange(0, 0);

  /**
   * Reads a value of {@code -p}: {@code [[ADDRESS:][HOSTPORT]:]PORT[/PROTOCOL]} with ranges for
   * ports, or {@code target=PORT,published=HOSTPORT,protocol=PROTOCOL}.
   *
   * @return one for each port of the container
   * @throws IllegalArgumentException when it is malformed
   */
  public static List<PublishedPort> parse(String text) {
    return text.contains("=") ? parseFields(text) : parseShort(text);
  }

  /** The container's port as it stands in lists, {@code 80/tcp}. */
  public String exposed() {
    return containerPort + "/" + protocol.word();
  }

  private static List<PublishedPort> parseShort(String text) {
    String rest = text;
    Protocol protocol = Protocol.TCP;
    int slash = rest.lastIndexOf('/');
    if (slash >= 0) {
      protocol = Protocol.parse(rest.substring(slash + 1));
      rest = rest.substring(0, slash);
    }
    int last = rest.lastIndexOf(':');
    PortRange ports = PortRange.parse("container port", rest.substring(last + 1));
    if (last < 0) {
      return all(text, protocol, ports, Optional.empty(), ANY);
    }
    rest = rest.substring(0, last);
    int before = rest.endsWith("]") ? rest.length() : rest.lastIndexOf(':');
    String hostPorts = before >= rest.length() ? "" : rest.substring(before + 1);
    Optional<InetAddress> address =
        before < 0 ? Optional.empty() : Optional.of(address(rest.substring(0, before)));
    return all(text, protocol, ports, address, hostPorts(hostPorts));
  }

  private static PortRange hostPorts(String text) {
    return text.isEmpty() || text.equals("0") ? ANY : PortRange.parse("host port", text);
  }

  private static InetAddress address(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    return Subnet.parseAddress(bracketed ? text.substring(1, text.length() - 1) : text);
  }

  private static List<PublishedPort> parseFields(String text) {
    Protocol protocol = Protocol.TCP;
    Optional<PortRange> target = Optional.empty();
    PortRange published = ANY;
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String value = field.substring(equals + 1);
      switch (equals < 0 ? field : field.substring(0, equals)) {
        case "target" -> target = Optional.of(PortRange.parse("target", value));
        case "published" -> published = hostPorts(value);
        case "protocol" -> protocol = Protocol.parse(value);
        case "mode" -> requireMode(value);
        default ->
            throw new IllegalArgumentException(
                "invalid field \"" + field + "\" (target, published, protocol, mode)");
      }
    }
    PortRange ports =
        target.orElseThrow(() -> new IllegalArgumentException("target=PORT is missing"));
    return all(text, protocol, ports, Optional.empty(), published);
  }

  private static void requireMode(String mode) {
    if (!mode.equals("host") && !mode.equals("ingress")) {
      throw new IllegalArgumentException("invalid mode \"" + mode + "\" (host)");
    }
  }

  /** A range is published port by port, or a single port at any of a range. */
  private static List<PublishedPort> all(
      String text,
      Protocol protocol,
      PortRange ports,
      Optional<InetAddress> address,
      PortRange hostPorts) {
    if (ports.count() == 1) {
      return List.of(new PublishedPort(protocol, ports.first(), address, hostPorts));
    }
    if (!hostPorts.equals(ANY) && hostPorts.count() != ports.count()) {
      throw new IllegalArgumentException(
          "invalid ranges in \"%s\": %d ports of the container and %d of the host"
              .formatted(text, ports.count(), hostPorts.count()));
    }
    List<PublishedPort> published = new ArrayList<>();
    for (int i = 0; i < ports.count(); i++) {
      PortRange at = hostPorts.equals(ANY) ? ANY : PortRange.of(hostPorts.first() + i);
      published.add(new PublishedPort(protocol, ports.first() + i, address, at));
    }
    return published;
  }
}
