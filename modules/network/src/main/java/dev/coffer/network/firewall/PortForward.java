package dev.coffer.network.firewall;

import java.net.InetAddress;

/**
 * A port of the host that leads into a container.
 *
 * @param protocol the protocol
 * @param hostAddress where on the host it is taken: 0.0.0.0 or :: for everywhere
 * @param hostPort the port there, 1 to 65535
 * @param containerAddress the container's address, of the same kind
 * @param containerPort the port there, 1 to 65535
 */
public record PortForward(
    Protocol protocol,
    InetAddress hostAddress,
    int hostPort,
    InetAddress containerAddress,
    int containerPort) {
  public PortForward {
    if (hostAddress.getAddress().length != containerAddress.getAddress().length) {
      throw new IllegalArgumentException(
          "cannot forward %s to %s: one is IPv4 and the other IPv6"
              .formatted(hostAddress.getHostAddress(), containerAddress.getHostAddress()));
    }
    require(hostPort);
    require(containerPort);
  }

  private static void require(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("invalid port " + port + ": 1 to 65535");
    }
  }
}
