package dev.coffer.image.registry.client;

import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A client with settings of its own, in a hurry, and a fake registry. */
final class Fixture implements AutoCloseable {
  static final String MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
      "config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
      "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},\
      "layers":[]}""";

  final FakeRegistry registry;
  final Registries registries;
  final Path system;
  final Map<String, String> environment = new HashMap<>();

  Fixture(Path system) throws IOException {
    this.system = system;
    this.registry = FakeRegistry.start();
    this.registries =
        new Registries(
            new RegistryOptions(
                system,
                Duration.ofSeconds(5),
                Duration.ofMillis(400),
                Duration.ofSeconds(5),
                3,
                Duration.ofMillis(2),
                Duration.ofSeconds(1)),
            Spawner.posix());
    // Known from the start, so that no test waits until the fake has not understood TLS.
    file(
        "etc/coffer/registries.d/" + registry.domain() + "/hosts.toml",
        "server = \"http://" + registry.domain() + "\"\n");
    environment.put("HOME", system.resolve("home").toString());
    environment.put("PATH", system.resolve("bin") + ":/usr/bin:/bin");
  }

  RegistryAccess access() {
    return RegistryAccess.of(environment);
  }

  /** The repository {@code app} of the fake. */
  RemoteRepository app() throws IOException {
    return open("app");
  }

  RemoteRepository open(String path) throws IOException {
    return registries.open(Reference.parse(registry.domain() + "/" + path), access());
  }

  /** Has a manifest under a tag. */
  String tagged(String tag) {
    return registry.manifest("app", tag, MediaTypes.OCI_MANIFEST, MANIFEST).toString();
  }

  /** Writes a file of the host's settings. */
  final void file(String path, String text) throws IOException {
    Path file = system.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Override
  public void close() {
    registries.close();
    registry.close();
  }
}
