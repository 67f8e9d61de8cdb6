package dev.coffer.image.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  @TempDir Path system;

  private RegistryAccess access = RegistryAccess.of(Map.of());

  private Path file(String path, String text) throws IOException {
    Path file = system.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<Endpoint> of(String name) throws IOException {
    return Endpoints.of(Reference.parse(name), access, system);
  }

  /** Root, path and what is said of the transport, in short. */
  private List<String> shown(String name) throws IOException {
    return of(name).stream()
        .map(
            it ->
                "%s %s %s%s%s"
                    .formatted(
                        it.root(),
                        it.path(),
                        it.transport(),
                        it.tls().verify() ? "" : " unverified",
                        it.mirror() ? " mirror" : ""))
        .toList();
  }

  @Test
  void withoutSettingsARegistryIsWhereItsNameSays() throws Exception {
    assertThat(shown("busybox"))
        .containsExactly("https://registry-1.docker.io/v2 library/busybox TLS");
    assertThat(shown("example.org:5000/a/b:1"))
        .containsExactly("https://example.org:5000/v2 a/b TLS");
    assertThat(of("busybox").getFirst().credentialName()).isEqualTo("docker.io/library/busybox");
  }

  @Test
  void thisMachineMayBeSpokenToInTheClear() throws Exception {
    for (String host : List.of("localhost", "localhost:5000", "127.1.2.3:5000", "[::1]:5000")) {
      assertThat(shown(host + "/a"))
          .containsExactly("https://" + host + "/v2 a TLS_OR_PLAIN unverified");
    }
    access = verifying(true);
    assertThat(shown("localhost:5000/a")).containsExactly("https://localhost:5000/v2 a TLS");
  }

  private static RegistryAccess verifying(boolean verify) {
    return new RegistryAccess(
        Map.of(), Optional.empty(), Optional.empty(), Optional.of(verify), Optional.empty());
  }

  @Test
  void theCallersWordAllowsPlainHttp() throws Exception {
    access = verifying(false);
    assertThat(shown("example.org/a"))
        .containsExactly("https://example.org/v2 a TLS_OR_PLAIN unverified");
  }

  @Test
  void readsHostsToml() throws Exception {
    Path ignored =
        file(
            "etc/containerd/certs.d/docker.io/hosts.toml",
            """
            server = "https://registry-1.docker.io"

            [host."https://mirror.example/us"]
              capabilities = ["pull"]
              ca = "m.crt"
              client = [["c.cert", "c.key"], ["/both.pem", ""]]
              dial_timeout = "1.5s"
              override_path = true
              [host."https://mirror.example/us".header]
                x-one = "1"
                x-two = ["a", "b"]

            [host."http://plain.example:5000"]
              capabilities = ["pull", "resolve", "push"]
              skip_verify = true
            """);
    assertThat(shown("busybox"))
        .containsExactly(
            "https://mirror.example/us library/busybox TLS mirror",
            "http://plain.example:5000/v2 library/busybox PLAIN unverified mirror",
            "https://registry-1.docker.io/v2 library/busybox TLS");
    Endpoint mirror = of("busybox").getFirst();
    Path directory = system.resolve("etc/containerd/certs.d/docker.io");
    assertThat(mirror.tls().authorities()).containsExactly(directory.resolve("m.crt"));
    assertThat(mirror.tls().identities())
        .containsExactly(
            new TlsSettings.Identity(directory.resolve("c.cert"), directory.resolve("c.key")),
            new TlsSettings.Identity(Path.of("/both.pem"), Path.of("/both.pem")));
    assertThat(mirror.capabilities()).containsExactly(Capability.PULL);
    assertThat(mirror.headers())
        .containsEntry("x-one", List.of("1"))
        .containsEntry("x-two", List.of("a", "b"));
    assertThat(mirror.dialTimeout()).contains(Duration.ofMillis(1500));
    assertThat(mirror.namespace()).contains("docker.io");
    assertThat(mirror.credentialName()).isEqualTo("mirror.example/library/busybox");
    assertThat(of("busybox").getLast().namespace()).isEmpty();
  }

  @Test
  void aMirrorIsNotWrittenToUnlessThatIsSaid() throws Exception {
    Path ignored = file("etc/containerd/certs.d/r.io/hosts.toml", "[host.\"https://m.io\"]\n");
    assertThat(of("r.io/a")).extracting(it -> it.can(Capability.PUSH)).containsExactly(false, true);
  }

  @Test
  void ownSettingsComeBeforeThoseOfOthersAndExactOnesBeforeDefaults() throws Exception {
    Path ignored =
        file("etc/containerd/certs.d/_default/hosts.toml", "[host.\"https://all.io\"]\n");
    assertThat(shown("r.io:1/a"))
        .containsExactly("https://all.io/v2 a TLS mirror", "https://r.io:1/v2 a TLS");
    ignored =
        file(
            "etc/containers/registries.conf",
            "[[registry]]\nlocation=\"r.io:1\"\n[[registry.mirror]]\nlocation=\"conf.io/b\"\n");
    assertThat(shown("r.io:1/a").getFirst()).startsWith("https://conf.io/v2 b/a");
    ignored = file("etc/containerd/certs.d/r.io_1_/hosts.toml", "[host.\"https://c.io\"]\n");
    assertThat(shown("r.io:1/a").getFirst()).startsWith("https://c.io/v2 a");
    ignored = file("etc/coffer/registries.d/r.io:1/hosts.toml", "[host.\"https://own.io\"]\n");
    assertThat(shown("r.io:1/a").getFirst()).startsWith("https://own.io/v2 a");
  }

  @Test
  void readsRegistriesConf() throws Exception {
    Path ignored =
        file(
            "etc/containers/registries.conf",
            """
            [[registry]]
            prefix = "example.com/foo"
            location = "internal.example.net:5000/bar"
            insecure = true
            [[registry.mirror]]
            location = "m0.local/mirror-for-foo"
            pull-from-mirror = "digest-only"
            [[registry.mirror]]
            location = "m1.local/foo"
            insecure = true
            pull-from-mirror = "tag-only"

            [[registry]]
            prefix = "*.wild.org"
            blocked = true
            """);
    assertThat(shown("example.com/foo/img:1"))
        .containsExactly(
            "https://m0.local/v2 mirror-for-foo/img TLS mirror",
            "https://m1.local/v2 foo/img TLS_OR_PLAIN unverified mirror",
            "https://internal.example.net:5000/v2 bar/img TLS_OR_PLAIN unverified");
    assertThat(of("example.com/foo/img:1"))
        .extracting(it -> it.can(Capability.RESOLVE), it -> it.can(Capability.PULL))
        .containsExactly(tuple(false, true), tuple(true, false), tuple(true, true));
    assertThat(shown("example.com/foobar")).containsExactly("https://example.com/v2 foobar TLS");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("a.b.wild.org/x"))
        .withMessage(
            "registry \"*.wild.org\" is blocked by \"%s\""
                .formatted(system.resolve("etc/containers/registries.conf")));
  }

  @Test
  void dropInsWin() throws Exception {
    Path ignored =
        file("etc/containers/registries.conf", "[[registry]]\nlocation=\"r.io\"\nblocked=true\n");
    ignored =
        file(
            "etc/containers/registries.conf.d/10-open.conf",
            "[[registry]]\nlocation=\"r.io\"\nblocked=false\n");
    ignored = file("etc/containers/registries.conf.d/notes.txt", "not [ toml");
    assertThat(shown("r.io/a")).containsExactly("https://r.io/v2 a TLS");
  }

  @Test
  void readsDaemonJson() throws Exception {
    Path ignored =
        file(
            "etc/docker/daemon.json",
            """
            {"registry-mirrors":["https://mirror.example/"],
            "insecure-registries":["reg.example:5000","10.0.0.0/8"],"log-level":"debug"}""");
    assertThat(shown("busybox"))
        .containsExactly(
            "https://mirror.example/v2 library/busybox TLS mirror",
            "https://registry-1.docker.io/v2 library/busybox TLS");
    assertThat(shown("reg.example:5000/a").getFirst()).endsWith("TLS_OR_PLAIN unverified");
    assertThat(shown("10.1.2.3:99/a").getFirst()).endsWith("TLS_OR_PLAIN unverified");
    assertThat(shown("11.1.2.3:99/a").getFirst()).endsWith("TLS");
    assertThat(shown("quay.io/a")).hasSize(1);
  }

  @Test
  void takesCertificatesFromAllDirectories() throws Exception {
    Path docker = file("etc/docker/certs.d/r.io:5000/ca.crt", "x");
    Path own = file("etc/coffer/registries.d/r.io:5000/own.crt", "x");
    Path cert = file("etc/containers/certs.d/r.io:5000/client.cert", "x");
    Path key = file("etc/containers/certs.d/r.io:5000/client.key", "x");
    TlsSettings tls = of("r.io:5000/a").getFirst().tls();
    assertThat(tls.authorities()).containsExactly(own, docker);
    assertThat(tls.identities()).containsExactly(new TlsSettings.Identity(cert, key));
    Files.delete(key);
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io:5000/a"))
        .withMessageContaining("\"client.key\" is missing");
  }

  @Test
  void addressesThatAreNoneAreNamed() throws Exception {
    Path ignored =
        file("etc/containers/registries.conf", "[[registry]]\nprefix=\"r.io\"\nlocation=\"a b\"\n");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io/a"))
        .withMessageStartingWith("cannot use registry location \"a b/a\": ");
    for (String url : List.of("ftp://m.io", "https://a_b", "https://a b", "http://")) {
      ignored = file("etc/coffer/registries.d/r.io/hosts.toml", "[host.\"%s\"]\n".formatted(url));
      assertThatExceptionOfType(ImageException.class)
          .isThrownBy(() -> of("r.io/a"))
          .withMessageStartingWith("cannot use registry host \"" + url + "\": ");
    }
    ignored = file("etc/coffer/registries.d/r.io/hosts.toml", "server = \"http://r.io\"\n");
    access = verifying(true);
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io/a"))
        .withMessageContaining("--tls-verify forbids");
  }

  @Test
  void whatIsMalformedIsNamed() throws Exception {
    Path broken = file("etc/containers/registries.conf", "[[registry]\n");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io/a"))
        .withMessageStartingWith("cannot read \"" + broken + "\": invalid TOML: ");
    broken = file("etc/containers/registries.conf", "[[registry]]\nlocation = 7\n");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io/a"))
        .withMessage("cannot read %s: registry[0].location: must be a string, is a number", broken);
    Path large = file("etc/containers/registries.conf", "# " + "x".repeat(1 << 20));
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> of("r.io/a"))
        .withMessageStartingWith("cannot read \"" + large + "\": larger than");
  }
}
