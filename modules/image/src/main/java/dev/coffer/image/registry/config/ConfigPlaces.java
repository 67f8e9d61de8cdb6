package dev.coffer.image.registry.config;

import dev.coffer.image.registry.RegistryAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where settings are looked for: the caller's own before the host's.
 *
 * @param system the root directory of the host's settings
 * @param access the caller
 */
record ConfigPlaces(Path system, RegistryAccess access) {

  private Optional<Path> userConfig() {
    return access.file("XDG_CONFIG_HOME", "").or(() -> access.file("HOME", ".config"));
  }

  /** Directories with a {@code hosts.toml} for each registry. */
  List<Path> hosts() {
    List<Path> places = new ArrayList<>();
    userConfig().ifPresent(own -> places.add(own.resolve("coffer/registries.d")));
    places.add(system.resolve("etc/coffer/registries.d"));
    places.add(system.resolve("etc/containerd/certs.d"));
    return places;
  }

  /** Directories with certificates for each registry. */
  List<Path> certificates() {
    List<Path> places = new ArrayList<>(hosts());
    userConfig().ifPresent(own -> places.add(own.resolve("containers/certs.d")));
    places.add(system.resolve("etc/containers/certs.d"));
    places.add(system.resolve("etc/docker/certs.d"));
    return places;
  }

  /** Coffer's own file of mirrors and short names. */
  Path cofferRegistries() {
    return own("coffer/registries.conf", "etc/coffer/registries.conf");
  }

  /** Podman's file of mirrors and short names. */
  Path containersRegistries() {
    return access
        .file("CONTAINERS_REGISTRIES_CONF", "")
        .orElseGet(() -> own("containers/registries.conf", "etc/containers/registries.conf"));
  }

  Path daemonJson() {
    return system.resolve("etc/docker/daemon.json");
  }

  private Path own(String below, String ofSystem) {
    return userConfig()
        .map(own -> own.resolve(below))
        .filter(Files::exists)
        .orElse(system.resolve(ofSystem));
  }
}
