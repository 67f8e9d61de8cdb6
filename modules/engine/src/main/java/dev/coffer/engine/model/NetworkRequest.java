package dev.coffer.engine.model;

import java.util.List;
import java.util.Optional;

/**
 * Names and network of a new container.
 *
 * @param mode {@code none}, {@code host}, {@code container:ID}, {@code default}, or a network's
 *     name
 * @param endpoints what is asked of its ends in networks; the first is of the network that the mode
 *     names. May be empty, which asks for nothing special.
 * @param hostname host name; empty: the short id
 * @param domainname NIS domain name
 * @param extraHosts {@code name:address}; {@code host-gateway} is an address too
 * @param dns name servers
 * @param dnsSearch search domains
 * @param dnsOptions resolver options
 * @param publish {@code -p} values, see {@link PublishedPort#parse}
 * @param expose exposed ports
 * @param publishAll whether every exposed port is published
 */
public record NetworkRequest(
    String mode,
    List<EndpointRequest> endpoints,
    Optional<String> hostname,
    Optional<String> domainname,
    List<String> extraHosts,
    List<String> dns,
    List<String> dnsSearch,
    List<String> dnsOptions,
    List<String> publish,
    List<String> expose,
    boolean publishAll) {

  /** Where nothing is said: the default bridge where the host can have one. */
  public static final String DEFAULT = "default";

  public static final String HOST = "host";
  public static final String NONE = "none";

  private static final String CONTAINER = "container:";

  /** Whether nothing is said of the network. */
  public boolean isDefault() {
    return mode.isEmpty() || mode.equals(DEFAULT);
  }

  /** The mode; {@code none} for a container of an engine that had no bridges. */
  public String shownMode() {
    return isDefault() ? NONE : mode;
  }

  /** Whether another container's network is joined. */
  public boolean joinsContainer() {
    return mode.startsWith(CONTAINER);
  }

  /** Whether the container has ends in networks; one of an older engine without a mode has none. */
  public boolean isConnected() {
    return !isDefault() && !mode.equals(HOST) && !mode.equals(NONE) && !joinsContainer();
  }

  /** The same in these networks, or without any. */
  public NetworkRequest in(String newMode, List<EndpointRequest> newEndpoints) {
    return new NetworkRequest(
        newMode,
        newEndpoints,
        hostname,
        domainname,
        extraHosts,
        dns,
        dnsSearch,
        dnsOptions,
        publish,
        expose,
        publishAll);
  }
}
