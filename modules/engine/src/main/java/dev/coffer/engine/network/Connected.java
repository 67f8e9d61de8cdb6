package dev.coffer.engine.network;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.network.dns.Resolver;
import java.util.Optional;

/**
 * What a running container has of the engine itself; a new engine takes it anew. Whoever calls
 * holds the container's lock.
 */
final class Connected implements AutoCloseable {

  private PublishedPorts ports = new PublishedPorts();
  private Optional<Resolver.Service> names = Optional.empty();
  private Optional<Fd> namespace = Optional.empty();

  /** Keeps ports of the host from others. */
  void keep(PublishedPorts taken) {
    ports = taken;
  }

  /** Whether its questions for names are answered. */
  boolean hasNames() {
    return names.isPresent();
  }

  /** Keeps what answers its questions for names. */
  void keep(Resolver.Service service) {
    names = Optional.of(service);
  }

  /** Its namespace, if it is in networks of plugins, who want to see it once more in the end. */
  Optional<Fd> namespace() {
    return namespace;
  }

  /** Keeps a descriptor of its namespace, unless it has one. */
  void keepNamespace(Fd of) throws KernelException {
    if (namespace.isEmpty()) {
      namespace = Optional.of(of.duplicate());
    }
  }

  @Override
  public void close() {
    ports.close();
    names.ifPresent(Resolver.Service::close);
    namespace.ifPresent(Fd::close);
  }
}
