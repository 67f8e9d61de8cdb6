package dev.coffer.engine.oci;

import dev.coffer.engine.model.NetworkRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of a container's /etc/hosts, /etc/hostname and /etc/resolv.conf, as Docker makes them.
 */
public final class NetworkFiles {

  private static final String LOOPBACK_HOSTS =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  /** What stands in for a host's own resolver that cannot be reached from another namespace. */
  private static final List<String> PUBLIC_SERVERS = List.of("8.8.8.8", "8.8.4.4");

  private NetworkFiles() {}

  /**
   * The hosts file.
   *
   * @param hostFile the host's own, which a container with the host's network gets
   */
  public static String hosts(NetworkRequest network, String hostFile) {
    boolean shared = network.mode().equals("host");
    StringBuilder text = new StringBuilder(shared ? hostFile : LOOPBACK_HOSTS);
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    for (String entry : network.extraHosts()) {
      int separator = separator(entry);
      String address = entry.substring(separator + 1).replace("[", "").replace("]", "");
      // Only a container with the host's network has one; there the host is its own loopback.
      String resolved = address.equals("host-gateway") ? "127.0.0.1" : address;
      text.append(resolved).append('\t').append(entry, 0, separator).append('\n');
    }
    return text.toString();
  }

  private static int separator(String entry) {
    int equals = entry.indexOf('=');
    return equals > 0 ? equals : entry.indexOf(':');
  }

  /**
   * The resolver's configuration.
   *
   * @param hostFile the host's own: the base for whatever the request leaves open
   */
  public static String resolvConf(NetworkRequest network, String hostFile) {
    boolean shared = network.mode().equals("host");
    List<String> servers = new ArrayList<>(network.dns());
    if (servers.isEmpty()) {
      values(hostFile, "nameserver").stream()
          .filter(server -> shared || !isLoopback(server))
          .forEach(servers::add);
      if (servers.isEmpty() && !shared) {
        servers.addAll(PUBLIC_SERVERS);
      }
    }
    List<String> search =
        network.dnsSearch().isEmpty() ? values(hostFile, "search") : network.dnsSearch();
    List<String> options =
        network.dnsOptions().isEmpty() ? values(hostFile, "options") : network.dnsOptions();
    Stream<String> lines =
        Stream.concat(
            servers.stream().map(server -> "nameserver " + server),
            Stream.of(joined("search", search), joined("options", options)));
    return lines.filter(line -> !line.isEmpty()).collect(Collectors.joining("\n", "", "\n"));
  }

  private static String joined(String keyword, List<String> values) {
    boolean none = values.isEmpty() || values.equals(List.of("."));
    return none ? "" : keyword + " " + String.join(" ", values);
  }

  private static List<String> values(String text, String keyword) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(keyword + " ") || line.startsWith(keyword + "\t"))
        .flatMap(line -> Stream.of(line.substring(keyword.length()).strip().split("\\s+")))
        .toList();
  }

  private static boolean isLoopback(String server) {
    return server.startsWith("127.") || server.equals("::1");
  }
}
