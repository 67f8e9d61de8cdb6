package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.config.ConfigFile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of credentials: Docker's {@code config.json} or Podman's {@code auth.json}, which are
 * alike. Members that Coffer does not know stay as they are.
 *
 * <p>Source: Docker's "docker login", containers-auth.json(5).
 */
final class AuthFile {
  private final Path path;
  private final JsonObject content;

  private AuthFile(Path path, JsonObject content) {
    this.path = path;
    this.content = content;
  }

  /** Reads a file; a missing or empty one holds nothing. */
  static AuthFile read(Path path) throws IOException {
    Optional<byte[]> bytes = ConfigFile.read(path).filter(some -> some.length > 0);
    try {
      return new AuthFile(
          path,
          bytes.isEmpty()
              ? JsonObject.EMPTY
              : JsonCursor.read(path.toString(), bytes.get(), Limits.CONFIG).object());
    } catch (SpecException e) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST, "cannot read " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  JsonObject content() {
    return content;
  }

  private JsonCursor at(String member) {
    return JsonCursor.of(path.toString(), content).field(member);
  }

  /** The program that keeps a registry's credentials, if one does. */
  Optional<String> helper(String domain) {
    try {
      if (at("credHelpers").isPresent()) {
        for (String key : at("credHelpers").object().members().keySet()) {
          if (ServerName.normal(key).equals(domain)) {
            return at("credHelpers").field(key).nonEmpty();
          }
        }
      }
      return at("credsStore").nonEmpty();
    } catch (SpecException e) {
      return Optional.empty();
    }
  }

  /**
   * The credentials of a repository: those of the longest key that it lies in.
   *
   * @throws ImageException INVALID_REQUEST when an entry is malformed
   */
  Optional<Credentials> credentials(String repository) throws ImageException {
    try {
      JsonCursor auths = at("auths");
      if (!auths.isPresent()) {
        return Optional.empty();
      }
      for (String name : ServerName.enclosing(repository)) {
        for (String key : auths.object().members().keySet()) {
          if (ServerName.normal(key).equals(name)) {
            Optional<Credentials> found = entry(auths.field(key));
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      return Optional.empty();
    } catch (SpecException e) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST, "cannot read " + e.getMessage(), e);
    }
  }

  private static Optional<Credentials> entry(JsonCursor at) {
    Optional<String> identityToken = at.field("identitytoken").nonEmpty();
    if (identityToken.isPresent()) {
      return Optional.of(new Credentials("", identityToken.get()));
    }
    Optional<String> user = at.field("username").nonEmpty();
    if (user.isPresent()) {
      return Optional.of(new Credentials(user.get(), at.field("password").stringOrEmpty()));
    }
    return at.field("auth").nonEmpty().map(text -> pair(at.field("auth"), text));
  }

  /** The secret is not shown, not even when it is wrong. */
  private static Credentials pair(JsonCursor at, String base64) {
    try {
      String text =
          new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8)
              .replaceAll("\0+$", "");
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Credentials(text.substring(0, colon), text.substring(colon + 1));
      }
    } catch (IllegalArgumentException e) {
      throw at.failure("must be base64 of NAME:PASSWORD");
    }
    throw at.failure("must be base64 of NAME:PASSWORD");
  }

  /** The registries that the file itself has credentials for. */
  List<String> names() {
    return at("auths").isPresent()
        ? List.copyOf(at("auths").object().members().keySet())
        : List.of();
  }

  /** The file's content with a registry's credentials. */
  AuthFile with(String name, Credentials credentials) {
    JsonObject.Builder entry = JsonObject.builder();
    if (credentials.user().isEmpty()) {
      entry.put("auth", "").put("identitytoken", credentials.secret());
    } else {
      byte[] pair =
          (credentials.user() + ":" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
      entry.put("auth", new JsonString(Base64.getEncoder().encodeToString(pair)));
    }
    JsonObject auths = without(name).auths().with(ServerName.key(name), entry.build());
    return new AuthFile(path, content.with("auths", auths));
  }

  /** The file's content without anything about a registry. */
  AuthFile without(String name) {
    List<String> gone = new ArrayList<>();
    for (String key : names()) {
      if (ServerName.normal(key).equals(name)) {
        gone.add(key);
      }
    }
    return gone.isEmpty()
        ? this
        : new AuthFile(path, content.with("auths", auths().without(Set.copyOf(gone))));
  }

  private JsonObject auths() {
    return at("auths").isPresent() ? at("auths").object() : JsonObject.EMPTY;
  }
}
