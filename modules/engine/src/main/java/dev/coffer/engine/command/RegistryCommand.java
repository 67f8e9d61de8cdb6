package dev.coffer.engine.command;

import dev.coffer.engine.model.LoginResult;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.client.SearchResult;
import java.util.List;
import java.util.Optional;

/**
 * Commands on registries as a whole. {@code registry} is a name such as {@code quay.io} or {@code
 * localhost:5000}.
 *
 * @param <R> what the command answers
 */
public sealed interface RegistryCommand<R> extends Command<R> {

  /**
   * Keeps the access's credentials once the registry has accepted them; without any, asks whether
   * it accepts those that are kept already.
   */
  record Login(String registry, RegistryAccess access) implements RegistryCommand<LoginResult> {}

  /** Forgets a registry's credentials; answers the files that had or led to some. */
  record Logout(String registry, RegistryAccess access) implements RegistryCommand<List<String>> {}

  /** The name that a registry would be told; empty when nothing is kept for it. */
  record LoggedIn(String registry, RegistryAccess access)
      implements RegistryCommand<Optional<String>> {}

  /** Looks for repositories whose name has a term in it. */
  record Search(String registry, String term, int limit, RegistryAccess access)
      implements RegistryCommand<List<SearchResult>> {}
}
