package dev.coffer.image.registry.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The host part of a registry's name.
 *
 * @param domain host and optional port, as in a reference
 */
record HostName(String domain) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|::1");
  private static final String HUB = "docker.io";
  private static final String HUB_HOST = "registry-1.docker.io";

  /** Where the API is served: Docker Hub's is not at its name. */
  String server() {
    return domain.equals(HUB) ? HUB_HOST : domain;
  }

  /** The name that people know of a host and port. */
  static String known(String authority) {
    return authority.equals(HUB_HOST) || authority.equals("index.docker.io") ? HUB : authority;
  }

  boolean isHub() {
    return domain.equals(HUB);
  }

  /** Without the port; an IPv6 address keeps its brackets. */
  String host() {
    int colon = domain.lastIndexOf(':');
    return colon > domain.lastIndexOf(']') ? domain.substring(0, colon) : domain;
  }

  /**
   * Whether it is this host, which Docker speaks to in the clear without being told.
   *
   * <p>Source: Docker's daemon documentation, "Insecure registries".
   */
  boolean isLoopback() {
    return LOOPBACK.matcher(host()).matches();
  }

  /**
   * What a directory of this host's settings may be called: {@code host_5000_} is for file systems
   * without colons (containerd's hosts.md).
   */
  List<String> directoryNames() {
    String host = host();
    return host.equals(domain)
        ? List.of(domain)
        : List.of(host + "_" + domain.substring(host.length() + 1) + "_", domain);
  }
}
