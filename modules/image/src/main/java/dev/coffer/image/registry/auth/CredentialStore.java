package dev.coffer.image.registry.auth;

import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.kernel.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A caller's credentials, wherever they are kept.
 *
 * <p>They are looked for in the file that the caller names; else in that of {@code
 * REGISTRY_AUTH_FILE}; else in {@code $XDG_RUNTIME_DIR/containers/auth.json}, {@code
 * /run/containers/UID/auth.json}, {@code ~/.config/containers/auth.json}, and Docker's {@code
 * config.json}, of which the first that knows the registry counts. New ones go to Docker's, or to
 * the file that was named.
 */
public final class CredentialStore {
  private final RegistryAccess access;
  private final HelperProcess process;

  /**
   * The credentials of a caller.
   *
   * @param limit how long a helper may take
   */
  public CredentialStore(RegistryAccess access, Spawner spawner, Duration limit) {
    this.access = access;
    this.process = new HelperProcess(spawner, limit);
  }

  /**
   * Credentials and where they were found.
   *
   * @param credentials the credentials
   * @param place the file
   */
  public record Found(Credentials credentials, Path place) {}

  /**
   * Where credentials are kept.
   *
   * @param file the file that has or leads to them
   * @param helper who has them instead of the file
   */
  public record Kept(Path file, Optional<String> helper) {}

  /** Credentials for a repository, such as {@code docker.io/library/busybox}. */
  public Optional<Found> find(String repository) throws IOException {
    for (Path path : files()) {
      if (!Files.exists(path)) {
        continue;
      }
      AuthFile file = AuthFile.read(path);
      String domain = ServerName.domain(repository);
      Optional<String> helper = file.helper(domain);
      Optional<Credentials> found =
          helper.isPresent() ? helper(helper.get()).get(domain) : Optional.empty();
      if (found.isEmpty()) {
        found = file.credentials(repository);
      }
      if (found.isPresent()) {
        return Optional.of(new Found(found.get(), path));
      }
    }
    return Optional.empty();
  }

  /**
   * Keeps credentials of a registry, or of a part of one.
   *
   * @return where they are
   */
  public Kept store(String name, Credentials credentials) throws IOException {
    AuthFile file = AuthFile.read(own());
    Optional<String> helper = file.helper(ServerName.domain(name));
    if (helper.isPresent()) {
      helper(helper.get()).store(name, credentials);
      PrivateFile.write(file.without(name));
    } else {
      PrivateFile.write(file.with(name, credentials));
    }
    return new Kept(file.path(), helper);
  }

  /**
   * Forgets the credentials of a registry, wherever Coffer would find them.
   *
   * @return the files that had or led to some
   */
  public List<Path> erase(String name) throws IOException {
    List<Path> changed = new ArrayList<>();
    for (Path path : files()) {
      if (!Files.exists(path)) {
        continue;
      }
      AuthFile file = AuthFile.read(path);
      Optional<String> helper = file.helper(ServerName.domain(name));
      boolean kept = helper.isPresent() && helper(helper.get()).get(name).isPresent();
      if (kept) {
        helper(helper.get()).erase(name);
      }
      AuthFile without = file.without(name);
      if (without != file) {
        PrivateFile.write(without);
      }
      if (kept || without != file) {
        changed.add(path);
      }
    }
    return List.copyOf(changed);
  }

  private CredentialHelper helper(String name) throws IOException {
    return new CredentialHelper(name, process, access.environment());
  }

  private Optional<Path> named() {
    return access.authFile().or(() -> access.file("REGISTRY_AUTH_FILE", ""));
  }

  private Path docker() {
    return access
        .file("DOCKER_CONFIG", "config.json")
        .or(() -> access.file("HOME", ".docker/config.json"))
        .orElse(access.root().resolve("root/.docker/config.json"));
  }

  private Path own() {
    return named().orElseGet(this::docker);
  }

  private List<Path> files() throws IOException {
    if (named().isPresent()) {
      return List.of(named().get());
    }
    List<Path> files = new ArrayList<>();
    access.file("XDG_RUNTIME_DIR", "containers/auth.json").ifPresent(files::add);
    files.add(access.root().resolve("run/containers/%s/auth.json".formatted(uid())));
    access
        .file("XDG_CONFIG_HOME", "containers/auth.json")
        .or(() -> access.file("HOME", ".config/containers/auth.json"))
        .ifPresent(files::add);
    files.add(docker());
    return List.copyOf(files);
  }

  /** The engine's user, who is the caller's. */
  private static Object uid() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }
}
