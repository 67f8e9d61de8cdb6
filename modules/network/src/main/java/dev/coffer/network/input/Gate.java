package dev.coffer.network.input;

import java.util.Set;

/**
 * Which packets the host's own rules are asked about.
 *
 * @param trusted devices whose packets they are not asked about
 * @param ports of the host
 */
public record Gate(Set<String> trusted, Set<Port> ports) {
  public Gate {
    trusted = Set.copyOf(trusted);
    ports = Set.copyOf(ports);
  }

  /**
   * A port.
   *
   * @param protocol the protocol's number
   */
  public record Port(int protocol, int number) {}
}
