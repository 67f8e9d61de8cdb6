package dev.coffer.engine.state;

import dev.coffer.network.firewall.Protocol;

/**
 * A port of the host that leads to a running container.
 *
 * @param hostAddress {@code 0.0.0.0} and {@code ::} are all addresses
 */
public record GivenPort(Protocol protocol, int containerPort, String hostAddress, int hostPort) {

  /** {@code 80/tcp}. */
  public String exposed() {
    return containerPort + "/" + protocol.word();
  }
}
