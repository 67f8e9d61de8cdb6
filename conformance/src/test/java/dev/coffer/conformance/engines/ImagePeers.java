package dev.coffer.conformance.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.conformance.Coffer;
import dev.coffer.conformance.Coffer.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The tools that keep images, with Debian's registry between them and Coffer. */
final class ImagePeers implements AutoCloseable {

  private final EngineHost host;
  private final Coffer coffer;
  private final Docker docker;
  private final Podman podman;
  private final String registry;

  private ImagePeers(EngineHost host) throws IOException {
    this.host = host;
    this.registry = "127.0.0.1:" + freePort();
    Path config = host.directory().resolve("registry.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: warn}
        storage:
          filesystem: {rootdirectory: %s}
          delete: {enabled: true}
        http: {addr: "%s"}
        """
            .formatted(host.directory().resolve("registry"), registry));
    this.podman = Podman.on(host);
    host.daemon(
        "registry",
        List.of("docker-registry", "serve", config.toString()),
        List.of("bash", "-c", "exec 3<>/dev/tcp/" + registry.replace(':', '/')));
    this.docker = Docker.on(host);
    this.coffer = Coffer.open();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static ImagePeers open() throws IOException {
    return new ImagePeers(EngineHost.openOnHostsNetwork());
  }

  /** Where all can write. */
  Path directory() {
    return host.directory();
  }

  /** An archive as {@code docker save} writes it. */
  Path image() {
    return host.image();
  }

  Coffer coffer() {
    return coffer;
  }

  Docker docker() {
    return docker;
  }

  Podman podman() {
    return podman;
  }

  /** A name in the registry. */
  String name(String repository) {
    return registry + "/" + repository;
  }

  Result skopeo(String... arguments) {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    command.addAll(List.of(arguments));
    return host.run(command);
  }

  Result umoci(String... arguments) {
    List<String> command = new ArrayList<>(List.of("umoci"));
    command.addAll(List.of(arguments));
    return host.run(command);
  }

  Result buildah(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "--chdir=" + directory(),
                "buildah",
                "--root=" + directory().resolve("buildah/root"),
                "--runroot=" + directory().resolve("buildah/run"),
                "--storage-driver=vfs"));
    command.addAll(List.of(arguments));
    return host.run(command);
  }

  /** The manifest of a name in the registry, byte for byte. */
  String rawManifest(String name) {
    return skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + name).ok().out();
  }

  @Override
  public void close() {
    try {
      coffer.close();
      podman.removeCgroups();
    } finally {
      host.close();
    }
    assertThat(directory()).doesNotExist();
  }
}
