package dev.coffer.engine.network;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.state.Membership;
import dev.coffer.kernel.Fd;
import dev.coffer.network.dns.HostResolvers;
import dev.coffer.network.dns.Resolver;
import java.io.IOException;

/** How containers find others by name: files in their /etc, and the engine's answers. */
final class NameService {

  private final Memberships memberships;
  private final HostResolvers resolvers;
  private final NameFiles files;

  NameService(Memberships memberships, ContainerIndex containers, HostResolvers resolvers) {
    this.memberships = memberships;
    this.resolvers = resolvers;
    this.files = new NameFiles(memberships.networks(), containers, resolvers);
  }

  /** Writes what a container finds in its /etc. */
  void write(Container container) throws IOException {
    files.write(
        container.config(), container.membership(), memberships.store().directory(container.id()));
  }

  /** Has a container's questions answered, if its networks have names. */
  void serve(Container container, NetworkHost host, Fd namespace, Connected connected)
      throws IOException {
    Membership membership = container.membership();
    if (!files.hasResolver(membership)) {
      return;
    }
    ContainerNames names = new ContainerNames(container, memberships.networks(), resolvers);
    Resolver.Service service;
    try {
      service = host.serve(namespace, membership.resolverPort(), names);
    } catch (IOException taken) {
      if (membership.resolverPort() == 0) {
        throw taken;
      }
      service = host.serve(namespace, 0, names);
    }
    connected.keep(service);
    if (service.port() != membership.resolverPort()) {
      memberships.save(container, membership.withResolverPort(service.port()));
    }
  }
}
