package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.auth.CredentialStore;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.http.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A registry as a whole: who one is there, and what it has. */
public final class Registry {
  private final String domain;
  private final Connections connections;
  private final Endpoint endpoint;
  private final RegistryAccess access;

  Registry(String domain, Connections connections, Endpoint endpoint, RegistryAccess access) {
    this.domain = domain;
    this.connections = connections;
    this.endpoint = endpoint;
    this.access = access;
  }

  /**
   * Keeps credentials once the registry has accepted them.
   *
   * @return the file that has or leads to them
   * @throws ImageException UNAUTHORIZED when the registry refuses them; nothing is kept then
   */
  public Path login(Credentials credentials) throws IOException {
    check(access.withCredentials(credentials));
    return store().store(domain, credentials);
  }

  private void check(RegistryAccess as) throws IOException {
    EndpointSession session = new EndpointSession(connections, endpoint, as);
    try {
      Answer answer = new Retries(connections).send(session, Call.of("GET", "/"), 2);
      if (answer.status() == 401) {
        answer.close();
        throw new ImageException(
            ImageException.Kind.UNAUTHORIZED,
            "registry %s refuses the name or the password".formatted(endpoint.host()));
      }
      if (!answer.isSuccess()) {
        throw Failures.of(endpoint, "its API", answer);
      }
      answer.close();
    } catch (IOException e) {
      throw Failures.of(endpoint, "its API", e);
    }
  }

  /**
   * Forgets the credentials for this registry.
   *
   * @return the files that had or led to some; empty when there were none
   */
  public List<Path> logout() throws IOException {
    return store().erase(domain);
  }

  /** The credentials that would be used, and where they are. */
  public Optional<CredentialStore.Found> credentials() throws IOException {
    return store().find(domain);
  }

  private CredentialStore store() {
    return new CredentialStore(access, connections.spawner(), connections.options().helperLimit());
  }

  /**
   * Looks for repositories.
   *
   * @param limit how many at most
   * @throws ImageException NOT_SUPPORTED when the registry offers no search
   */
  public List<SearchResult> search(String term, int limit) throws IOException {
    return new Search(domain, connections, endpoint, access).find(term, limit);
  }
}
