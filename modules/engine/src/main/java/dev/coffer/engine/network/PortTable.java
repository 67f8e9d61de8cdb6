package dev.coffer.engine.network;

import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.GivenPort;
import dev.coffer.engine.state.Membership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ports of a running container: exposed ones, each with those of the host that lead to it. */
public final class PortTable {

  private PortTable() {}

  /** By {@code PORT/PROTOCOL}. */
  public static Map<String, List<GivenPort>> of(ContainerConfig config, Membership membership) {
    Map<String, List<GivenPort>> table = new LinkedHashMap<>();
    config.exposedPorts().forEach(port -> table.put(port, new ArrayList<>()));
    membership
        .ports()
        .forEach(port -> table.computeIfAbsent(port.exposed(), _ -> new ArrayList<>()).add(port));
    return table;
  }

  /** As {@code ps} shows them, such as {@code 0.0.0.0:8080->80/tcp}. */
  public static List<String> lines(ContainerConfig config, Membership membership) {
    List<String> lines = new ArrayList<>();
    of(config, membership)
        .forEach(
            (exposed, given) -> {
              given.forEach(port -> lines.add(line(port)));
              if (given.isEmpty()) {
                lines.add(exposed);
              }
            });
    return lines;
  }

  private static String line(GivenPort port) {
    String address =
        port.hostAddress().contains(":") ? "[" + port.hostAddress() + "]" : port.hostAddress();
    return "%s:%d->%s".formatted(address, port.hostPort(), port.exposed());
  }
}
