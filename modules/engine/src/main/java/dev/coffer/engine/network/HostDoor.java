package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.network.driver.AddressSource;
import java.io.IOException;
import java.util.Optional;

/** The host, opened when it is first needed: an engine without networks leaves it alone. */
final class HostDoor implements AutoCloseable {

  private final NetworkHost.Opener opener;
  private final AddressSource addresses;
  private Optional<NetworkHost> host = Optional.empty();
  private boolean closed;

  HostDoor(NetworkHost.Opener opener, AddressSource addresses) {
    this.opener = opener;
    this.addresses = addresses;
  }

  /**
   * What the host has.
   *
   * @throws EngineException NOT_SUPPORTED where it can have no networks
   */
  synchronized NetworkHost open() {
    if (closed) {
      throw new EngineException(Kind.FAILED, "the engine is closed");
    }
    if (host.isEmpty()) {
      try {
        host = Optional.of(opener.open(addresses));
      } catch (IOException e) {
        throw new EngineException(
            Kind.NOT_SUPPORTED, "this host can have no networks: " + e.getMessage(), e);
      }
    }
    return host.get();
  }

  @Override
  public synchronized void close() {
    closed = true;
    host.ifPresent(NetworkHost::close);
    host = Optional.empty();
  }
}
