package dev.coffer.image.registry.client;

import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.registry.auth.ServerName;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.config.Endpoints;
import dev.coffer.image.registry.config.ShortNames;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The registries of the world, as one engine speaks to them: connections and tokens are kept from
 * one call to the next. Nothing of it is loaded before the first use.
 *
 * <p>The configuration is read anew for each repository that is opened.
 */
public final class Registries implements AutoCloseable {
  private final RegistryOptions options;
  private final Spawner spawner;
  private Optional<Connections> connections = Optional.empty();
  private boolean closed;

  /** No connections yet. */
  public Registries(RegistryOptions options, Spawner spawner) {
    this.options = options;
    this.spawner = spawner;
  }

  /** Made at the first use: an engine that never meets a registry loads nothing for it. */
  private synchronized Connections connections() throws IOException {
    if (closed) {
      throw new IOException("the engine is closing");
    }
    if (connections.isEmpty()) {
      connections = Optional.of(new Connections(options, spawner));
    }
    return connections.get();
  }

  /**
   * The reference that a user's text means, by Docker's rules or those that are configured.
   *
   * @throws dev.coffer.image.ImageException AMBIGUOUS when it could come from several registries
   * @throws IllegalArgumentException when it is no valid reference
   */
  public Reference resolve(String text, RegistryAccess access) throws IOException {
    return ShortNames.of(access, options.system()).resolve(text);
  }

  /**
   * What else than Docker's meaning a user's text may have in a store, by what is configured, most
   * likely first.
   */
  public List<Reference> localMeanings(String text, RegistryAccess access) throws IOException {
    return ShortNames.isShort(text)
        ? ShortNames.of(access, options.system()).localMeanings(text)
        : List.of();
  }

  /**
   * The repository of a reference. Nobody is asked yet.
   *
   * @throws dev.coffer.image.ImageException INVALID_REQUEST when the registry is blocked, or its
   *     configuration is malformed
   */
  public RemoteRepository open(Reference name, RegistryAccess access) throws IOException {
    return new HttpRepository(
        name, new Places(connections(), Endpoints.of(name, access, options.system()), access));
  }

  /**
   * A registry itself, apart from any repository.
   *
   * @param name its name, with a path for credentials of a part of it; an address such as {@code
   *     https://index.docker.io/v1/}, as Docker's users write it, is understood
   * @throws IllegalArgumentException when it is no name of a registry
   */
  public Registry registry(String name, RegistryAccess access) throws IOException {
    String normal = ServerName.normal(name);
    String domain = ServerName.domain(normal);
    // Settings are found by repository; those of the registry as a whole are any one's.
    Reference anything = new Reference(domain, "any/thing", Optional.empty(), Optional.empty());
    List<Endpoint> endpoints = Endpoints.of(anything, access, options.system());
    return new Registry(normal, connections(), endpoints.getLast(), access);
  }

  /** Breaks off what is under way and lets go of all connections. */
  @Override
  public synchronized void close() {
    closed = true;
    connections.ifPresent(Connections::close);
  }
}
