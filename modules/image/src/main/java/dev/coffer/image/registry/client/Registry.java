package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.auth.CredentialStore;
import dev.coffer.image.registry.auth.ServerName;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.http.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A registry as a whole: who one is there, and what it has. */
public final class Registry {
  private final String name;
  private final Connections connections;
  private final Endpoint endpoint;
  private final RegistryAccess access;

  Registry(String name, Connections connections, Endpoint endpoint, RegistryAccess access) {
    this.name = name;
    this.connections = connections;
    this.endpoint = endpoint;
    this.access = access;
  }

  /**
   * Keeps credentials once the registry has accepted them.
   *
   * @return where they are
   * @throws ImageException UNAUTHORIZED when the registry refuses them; nothing is kept then
   */
  public CredentialStore.Kept login(Credentials credentials) throws IOException {
    check(access.withCredentials(credentials));
    return store().store(name, credentials);
  }

  /**
   * Asks whether the registry accepts credentials.
   *
   * @throws ImageException UNAUTHORIZED when it does not
   */
  public void check(Credentials credentials) throws IOException {
    check(access.withCredentials(credentials));
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
    return store().erase(name);
  }

  /** The credentials that would be used, and where they are. */
  public Optional<CredentialStore.Found> credentials() throws IOException {
    return store().find(name);
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
    return new Search(ServerName.domain(name), connections, endpoint, access).find(term, limit);
  }
}
