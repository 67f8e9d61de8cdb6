package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A program {@code docker-credential-NAME} that keeps credentials.
 *
 * <p>Source: github.com/docker/docker-credential-helpers, "Development": the verbs {@code get},
 * {@code store}, {@code erase} and {@code list}, JSON on both streams, exit code 1 with a message
 * on standard output; the user {@code <token>} marks an identity token.
 */
final class CredentialHelper {
  private static final String PREFIX = "docker-credential-";
  private static final String TOKEN_USER = "<token>";
  private static final String NOT_FOUND = "credentials not found";

  private final String program;
  private final HelperProcess process;
  private final Map<String, String> environment;

  CredentialHelper(String name, HelperProcess process, Map<String, String> environment)
      throws ImageException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST, "invalid credential helper \"" + name + "\"");
    }
    this.program = PREFIX + name;
    this.process = process;
    this.environment = environment;
  }

  /** A registry's credentials; empty when it has none. */
  Optional<Credentials> get(String domain) throws IOException {
    HelperProcess.Output output = process.run(program, "get", ServerName.key(domain), environment);
    if (output.code() != 0) {
      if (output.text().contains(NOT_FOUND)) {
        return Optional.empty();
      }
      throw failure("get", output);
    }
    JsonCursor at = read(output);
    try {
      String user = at.field("Username").stringOrEmpty();
      String secret = at.field("Secret").stringOrEmpty();
      return secret.isEmpty()
          ? Optional.empty()
          : Optional.of(new Credentials(user.equals(TOKEN_USER) ? "" : user, secret));
    } catch (SpecException e) {
      throw malformed(e);
    }
  }

  /** Keeps a registry's credentials. */
  void store(String domain, Credentials credentials) throws IOException {
    String user = credentials.user().isEmpty() ? TOKEN_USER : credentials.user();
    JsonObject message =
        JsonObject.builder()
            .put("ServerURL", ServerName.key(domain))
            .put("Username", user)
            .put("Secret", credentials.secret())
            .build();
    check("store", process.run(program, "store", Json.write(message), environment));
  }

  /** Forgets a registry's credentials. */
  void erase(String domain) throws IOException {
    check("erase", process.run(program, "erase", ServerName.key(domain), environment));
  }

  /** All registries with credentials, and the users. */
  SequencedMap<String, String> list() throws IOException {
    HelperProcess.Output output = process.run(program, "list", "", environment);
    check("list", output);
    try {
      return read(output).map(JsonCursor::string);
    } catch (SpecException e) {
      throw malformed(e);
    }
  }

  private void check(String verb, HelperProcess.Output output) throws ImageException {
    if (output.code() != 0) {
      throw failure(verb, output);
    }
  }

  private JsonCursor read(HelperProcess.Output output) throws ImageException {
    try {
      return JsonCursor.read(
          program, output.text().getBytes(StandardCharsets.UTF_8), Limits.CONFIG);
    } catch (SpecException e) {
      throw malformed(e);
    }
  }

  private ImageException malformed(SpecException cause) {
    return new ImageException(
        ImageException.Kind.HOST,
        "cannot use credential helper \"%s\": its answer is not what it should be"
            .formatted(program),
        cause);
  }

  private ImageException failure(String verb, HelperProcess.Output output) {
    return new ImageException(
        ImageException.Kind.HOST,
        "cannot use credential helper \"%s\": %s failed with %d: %s"
            .formatted(program, verb, output.code(), Messages.line(output.text())));
  }
}
