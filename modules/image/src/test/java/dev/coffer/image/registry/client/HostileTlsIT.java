package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries that lie, stall or break below HTTP: each gives one clear error, in bounded time. */
@Timeout(30)
class HostileTlsIT {
  private static final String THIS_HOST = "san=ip:127.0.0.1";

  @TempDir static Path keys;
  @TempDir Path directory;
  private Registries registries;

  @BeforeAll
  static void makeCertificates() throws Exception {
    TlsServer.authority(keys);
    TlsServer.certificate(keys, "honest", "-ext", THIS_HOST);
    TlsServer.certificate(
        keys, "expired", "-ext", THIS_HOST, "-startdate", "-9d", "-validity", "3");
    TlsServer.certificate(keys, "early", "-ext", THIS_HOST, "-startdate", "+9d");
    TlsServer.certificate(keys, "other", "-ext", "san=dns:registry.example");
  }

  @BeforeEach
  void open() {
    registries = registries(Duration.ofSeconds(10));
  }

  private Registries registries(Duration patience) {
    return new Registries(
        new RegistryOptions(
            directory.resolve("system"),
            patience,
            patience,
            Duration.ofSeconds(5),
            2,
            Duration.ofMillis(2),
            Duration.ofSeconds(1)),
        Spawner.posix());
  }

  @AfterEach
  void close() {
    registries.close();
  }

  /** The repository {@code app} of a registry whose certificate is trusted. */
  private RemoteRepository app(TlsServer server) throws IOException {
    return app(registries, server);
  }

  private RemoteRepository app(Registries from, TlsServer server) throws IOException {
    Path trusted = directory.resolve("system/etc/coffer/registries.d").resolve(server.domain());
    Files.createDirectories(trusted);
    Files.copy(keys.resolve("ca.crt"), trusted.resolve("ca.crt"));
    RegistryAccess access =
        new RegistryAccess(
            Map.of("HOME", directory.toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.of(true),
            Optional.empty());
    return from.open(Reference.parse(server.domain() + "/app"), access);
  }

  private static String refused(ThrowingCallable call) {
    ImageException failure = fails(Kind.UNAVAILABLE, call);
    assertThat(failure.getMessage()).doesNotContain("\n");
    return failure.getMessage();
  }

  private static void hello(Socket caller) throws IOException {
    TlsServer.readHead(caller);
    TlsServer.write(
        caller,
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oci.image.manifest.v1+json\r\n"
            + "Docker-Content-Digest: sha256:"
            + "a".repeat(64)
            + "\r\nContent-Length: 10\r\nConnection: close\r\n\r\n");
  }

  /** The others of this class would pass with any server that nobody can speak to. */
  @Test
  void anHonestOneIsSpokenTo() throws Exception {
    try (TlsServer server = TlsServer.start(keys, "honest", HostileTlsIT::hello)) {
      assertThat(app(server).find("1").orElseThrow().digest().hex()).isEqualTo("a".repeat(64));
    }
  }

  @Test
  void aCertificateThatHasExpired() throws Exception {
    try (TlsServer server = TlsServer.start(keys, "expired", HostileTlsIT::hello)) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).endsWith("its certificate has expired");
    }
  }

  @Test
  void aCertificateThatIsNotValidYet() throws Exception {
    try (TlsServer server = TlsServer.start(keys, "early", HostileTlsIT::hello)) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).endsWith("its certificate is not valid yet");
    }
  }

  @Test
  void aCertificateOfAnotherHost() throws Exception {
    try (TlsServer server = TlsServer.start(keys, "other", HostileTlsIT::hello)) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).contains(server.domain(), "127.0.0.1");
    }
  }

  @Test
  void whatIsNoTls() throws Exception {
    try (TlsServer server = TlsServer.bare(caller -> TlsServer.write(caller, "SSH-2.0-x\r\n"))) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).contains(server.domain());
    }
  }

  @Test
  void aHandshakeThatIsHungUpOn() throws Exception {
    try (TlsServer server = TlsServer.bare(Socket::close)) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).contains(server.domain());
    }
  }

  @Test
  void aHandshakeThatNeverGoesOn() throws Exception {
    try (Registries hasty = registries(Duration.ofMillis(300));
        TlsServer server =
            TlsServer.bare(
                caller -> caller.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
      RemoteRepository app = app(hasty, server);
      assertThat(refused(() -> app.find("1")))
          .contains(server.domain())
          .containsAnyOf("connecting took too long", "nothing came for 300 ms");
    }
  }

  @Test
  void framesOfHttp2ThatAreNone() throws Exception {
    try (TlsServer server =
        TlsServer.start(
            keys, "honest", caller -> TlsServer.write(caller, "x".repeat(1 << 16)), "h2")) {
      RemoteRepository app = app(server);
      assertThat(refused(() -> app.find("1"))).contains(server.domain());
    }
  }

  @Test
  void aBlobThatEndsInTheMiddle() throws Exception {
    try (TlsServer server =
        TlsServer.start(
            keys,
            "honest",
            caller -> {
              TlsServer.readHead(caller);
              TlsServer.write(
                  caller, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + "y".repeat(500));
              caller.shutdownOutput();
              caller.close();
            })) {
      Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, Digest.ofBytes(new byte[0]), 1000);
      RemoteRepository app = app(server);
      assertThatThrownBy(
              () -> {
                try (BlobBody body = app.blob(blob, 0, 1000)) {
                  assertThat(body.bytes().readAllBytes()).hasSize(1000);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining(server.domain());
    }
  }

  /** Whoever can read the line must not be given what TLS was to hide. */
  @Test
  void aWayOutOfTheEncryptionIsNotTaken() throws Exception {
    try (TlsServer plain = TlsServer.bare(TlsServer::readHead);
        TlsServer server =
            TlsServer.start(
                keys,
                "honest",
                caller -> {
                  TlsServer.readHead(caller);
                  TlsServer.write(
                      caller,
                      "HTTP/1.1 307 x\r\nLocation: http://%s/v2/app/manifests/1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                          .formatted(plain.domain()));
                  caller.close();
                })) {
      RemoteRepository app = app(server);
      assertThatThrownBy(() -> app.find("1"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("unencrypted address at " + plain.domain());
      assertThat(plain.callers()).isZero();
    }
  }
}
