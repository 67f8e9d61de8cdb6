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
    int containerPort) {}
