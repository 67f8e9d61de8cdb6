package dev.coffer.engine.oci;

import dev.coffer.engine.model.ExtraHost;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.dns.ResolvConf;
import dev.coffer.network.dns.Resolver;
import java.net.InetAddress;
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
   * The hosts file of a container that is in no network.
   *
   * @param hostFile the host's own, which a container with the host's network gets
   */
  public static String hosts(NetworkRequest network, String hostFile) {
    boolean shared = network.mode().equals(NetworkRequest.HOST);
    StringBuilder text = new StringBuilder(shared ? hostFile : LOOPBACK_HOSTS);
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    // Of these, only one with the host's network may name it; there the host is its own loopback.
    addHosts(network, "127.0.0.1", text);
    return text.toString();
  }

  /**
   * The hosts file of a container in networks.
   *
   * @param hostGateway the address by which it reaches the host
   * @param own lines for itself and for those it is linked with
   */
  public static String hosts(NetworkRequest network, String hostGateway, List<String> own) {
    StringBuilder text = new StringBuilder(LOOPBACK_HOSTS);
    addHosts(network, hostGateway, text);
    own.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static void addHosts(NetworkRequest network, String hostGateway, StringBuilder text) {
    for (String entry : network.extraHosts()) {
      ExtraHost host = ExtraHost.parse(entry);
      text.append(host.isGateway() ? hostGateway : host.address());
      text.append('\t').append(host.name()).append('\n');
    }
  }

  /**
   * The resolver's configuration of a container that is in no network.
   *
   * @param hostFile the host's own: the base for whatever the request leaves open
   */
  public static String resolvConf(NetworkRequest network, String hostFile) {
    ResolvConf host = ResolvConf.parse(hostFile);
    boolean shared = network.mode().equals(NetworkRequest.HOST);
    List<InetAddress> reachable =
        shared
            ? host.servers()
            : host.servers().stream().filter(server -> !server.isLoopbackAddress()).toList();
    if (shared && reachable.isEmpty()) {
      return text(network.dns(), search(network, host), options(network, host));
    }
    return resolvConf(network, host.withServers(reachable));
  }

  /**
   * The resolver's configuration.
   *
   * @param host the host's own, as far as it can be used from elsewhere: the base for whatever the
   *     request leaves open
   */
  public static String resolvConf(NetworkRequest network, ResolvConf host) {
    List<String> servers = network.dns();
    if (servers.isEmpty()) {
      servers = host.servers().stream().map(Subnet::text).toList();
    }
    return text(
        servers.isEmpty() ? PUBLIC_SERVERS : servers,
        search(network, host),
        options(network, host));
  }

  /** The resolver's configuration where the engine answers for names. */
  public static String embeddedResolver(NetworkRequest network, ResolvConf host) {
    List<String> options = new ArrayList<>(options(network, host));
    if (options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
      options.add("ndots:0");
    }
    return text(List.of(Resolver.ADDRESS), search(network, host), options);
  }

  private static List<String> search(NetworkRequest network, ResolvConf host) {
    return network.dnsSearch().isEmpty() ? host.search() : network.dnsSearch();
  }

  private static List<String> options(NetworkRequest network, ResolvConf host) {
    return network.dnsOptions().isEmpty() ? host.options() : network.dnsOptions();
  }

  private static String text(List<String> servers, List<String> search, List<String> options) {
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
}
