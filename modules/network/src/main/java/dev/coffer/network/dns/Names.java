package dev.coffer.network.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What one container may know of others: the names on the networks that it is on, and where all
 * other names are asked for. Asked for each query, from any thread; answers without waiting.
 */
public interface Names {

  /**
   * The addresses of a name, IPv4 and IPv6, in the order of the networks.
   *
   * @param name lower case, without a dot at the end
   * @return empty when the name is none of ours, and an empty list when it is ours and has none
   */
  Optional<List<InetAddress>> addresses(String name);

  /** The name of an address that a container on one of the networks has. */
  Optional<String> name(InetAddress address);

  /** Whom to ask for all other names, in order; empty when nobody may be asked. */
  List<InetSocketAddress> servers();
}
