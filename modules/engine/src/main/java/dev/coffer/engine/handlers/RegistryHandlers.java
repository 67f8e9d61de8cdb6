package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.RegistryCommand.LoggedIn;
import dev.coffer.engine.command.RegistryCommand.Login;
import dev.coffer.engine.command.RegistryCommand.Logout;
import dev.coffer.engine.command.RegistryCommand.Search;
import dev.coffer.engine.model.LoginResult;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.auth.CredentialStore.Found;
import dev.coffer.image.registry.auth.CredentialStore.Kept;
import dev.coffer.image.registry.client.Registries;
import dev.coffer.image.registry.client.Registry;
import dev.coffer.image.registry.client.SearchResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The commands on registries as a whole. */
public final class RegistryHandlers {

  private final Registries registries;

  /** Handles with these. */
  public RegistryHandlers(Registries registries) {
    this.registries = registries;
  }

  /** Carries the command out. */
  public LoginResult handle(Login command) {
    String what = "cannot log in to \"" + command.registry() + "\"";
    return Attempt.at(
        what,
        () -> {
          Registry registry = registries.registry(command.registry(), command.access());
          Optional<Credentials> given = command.access().credentials();
          return given.isPresent() ? keep(registry, given.get()) : checkKept(what, registry);
        });
  }

  private static LoginResult keep(Registry registry, Credentials credentials) throws IOException {
    Kept kept = registry.login(credentials);
    Optional<String> shadowedBy =
        registry
            .credentials()
            .filter(found -> !found.credentials().equals(credentials))
            .map(found -> found.place().toString());
    Optional<String> unprotected =
        kept.helper().isPresent() ? Optional.empty() : Optional.of(kept.file().toString());
    return new LoginResult(credentials.user(), unprotected, shadowedBy);
  }

  private static LoginResult checkKept(String what, Registry registry) throws IOException {
    Found found =
        registry
            .credentials()
            .orElseThrow(
                () -> new EngineException(Kind.NOT_FOUND, what + ": no credentials are kept"));
    registry.check(found.credentials());
    return new LoginResult(found.credentials().user(), Optional.empty(), Optional.empty());
  }

  /** Carries the command out. */
  public List<String> handle(Logout command) {
    return Attempt.at(
        "cannot log out of \"" + command.registry() + "\"",
        () ->
            registries.registry(command.registry(), command.access()).logout().stream()
                .map(Path::toString)
                .toList());
  }

  /** Carries the command out. */
  public Optional<String> handle(LoggedIn command) {
    return Attempt.at(
        "cannot look for credentials of \"" + command.registry() + "\"",
        () ->
            registries
                .registry(command.registry(), command.access())
                .credentials()
                .map(found -> found.credentials().user()));
  }

  /** Carries the command out. */
  public List<SearchResult> handle(Search command) {
    return Attempt.at(
        "cannot search \"" + command.registry() + "\"",
        () ->
            registries
                .registry(command.registry(), command.access())
                .search(command.term(), command.limit()));
  }
}
