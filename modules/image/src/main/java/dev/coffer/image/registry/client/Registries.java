package dev.coffer.image.registry.client;

import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.config.Endpoints;
import dev.coffer.image.registry.config.ShortNames;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;

/**
 * The registries of the world, as one engine speaks to them: connections and tokens are kept from
 * one call to the next. Nothing of it is loaded before the first use.
 *
 * <p>The configuration is read anew for each repository that is opened.
 */
public final class Registries implements AutoCloseable {
  private final RegistryOptions options;
  private final Connections connections;

  /** No connections yet. */
  public Registries(RegistryOptions options, Spawner spawner) {
    this.options = options;
    this.connections = new Connections(options, spawner);
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
   * The repository of a reference. Nobody is asked yet.
   *
   * @throws dev.coffer.image.ImageException INVALID_REQUEST when the registry is blocked, or its
   *     configuration is malformed
   */
  public RemoteRepository open(Reference name, RegistryAccess access) throws IOException {
    return new HttpRepository(
        name, new Places(connections, Endpoints.of(name, access, options.system()), access));
  }

  /** A registry itself, apart from any repository. */
  public Registry registry(String domain, RegistryAccess access) throws IOException {
    // Settings are found by name; any path will do for those of the registry as a whole.
    Reference anything = Reference.parse(domain + "/any/thing");
    List<Endpoint> endpoints = Endpoints.of(anything, access, options.system());
    return new Registry(domain, connections, endpoints.getLast(), access);
  }

  /** Breaks off what is under way and lets go of all connections. */
  @Override
  public void close() {
    connections.close();
  }
}
