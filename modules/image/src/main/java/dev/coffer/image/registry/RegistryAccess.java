package dev.coffer.image.registry;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * On whose behalf a registry is spoken to, and what they said about it on the command line. All
 * else is read from the configuration that they have.
 *
 * @param environment the caller's environment: proxies, HOME, DOCKER_CONFIG, REGISTRY_AUTH_FILE
 * @param authFile a file of credentials to use instead of the usual ones
 * @param credentials a name and password to use instead of any file's
 * @param verifyTls whether the registry must prove itself; when false, plain HTTP is allowed, too;
 *     empty for what the configuration says
 * @param certificates a directory with certificate authorities and client certificates, laid out as
 *     {@code /etc/docker/certs.d/<host>} is
 * @param root by which path this process reaches the caller's root directory, where the paths in
 *     the environment begin
 */
public record RegistryAccess(
    Map<String, String> environment,
    Optional<Path> authFile,
    Optional<Credentials> credentials,
    Optional<Boolean> verifyTls,
    Optional<Path> certificates,
    Path root) {

  /**
   * What proves who a caller is.
   *
   * @param user the name; empty with a token
   * @param secret the password, or an identity token
   */
  public record Credentials(String user, String secret) {
    /** Does not tell the secret. */
    @Override
    public String toString() {
      return "Credentials[user=" + user + "]";
    }
  }

  public RegistryAccess {
    environment = Map.copyOf(environment);
  }

  /** A caller who sees the same files as this process. */
  public RegistryAccess(
      Map<String, String> environment,
      Optional<Path> authFile,
      Optional<Credentials> credentials,
      Optional<Boolean> verifyTls,
      Optional<Path> certificates) {
    this(environment, authFile, credentials, verifyTls, certificates, Path.of("/"));
  }

  /** A caller with that environment who said nothing more. */
  public static RegistryAccess of(Map<String, String> environment) {
    return new RegistryAccess(
        environment, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same caller with another name and password. */
  public RegistryAccess withCredentials(Credentials other) {
    return new RegistryAccess(
        environment, authFile, Optional.of(other), verifyTls, certificates, root);
  }

  /**
   * A file below a directory that a variable of the caller's environment names.
   *
   * @param below a relative path; empty for what the variable names itself
   * @return a path by which this process reaches it; empty when the variable is unset or relative
   */
  public Optional<Path> file(String variable, String below) {
    String value = environment.getOrDefault(variable, "");
    return value.startsWith("/")
        ? Optional.of(root.resolve(value.substring(1)).resolve(below))
        : Optional.empty();
  }
}
