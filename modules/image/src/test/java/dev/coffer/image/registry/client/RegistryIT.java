package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static dev.coffer.testkit.registry.DebianRegistry.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.kernel.Spawner;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.registry.DebianRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against Debian's docker-registry: in the clear, with passwords, and with TLS. */
class RegistryIT {
  private static final byte[] BYTES = new byte[9 << 20];

  static {
    new Random(2).nextBytes(BYTES);
  }

  @TempDir Path directory;
  private Registries registries;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void open() throws IOException {
    Path system = Files.createDirectories(directory.resolve("system"));
    RegistryOptions usual = RegistryOptions.DEFAULT;
    registries =
        new Registries(
            new RegistryOptions(
                system,
                usual.connectTimeout(),
                usual.stall(),
                usual.helperLimit(),
                3,
                usual.backOff(),
                usual.longestWait()),
            Spawner.posix());
    environment.put("HOME", directory.resolve("home").toString());
  }

  @AfterEach
  void close() {
    registries.close();
  }

  private RemoteRepository at(DebianRegistry registry, String path) throws IOException {
    return registries.open(
        Reference.parse(registry.domain() + "/" + path), RegistryAccess.of(environment));
  }

  private static BlobContent content(byte[] bytes) {
    return offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }

  private static Descriptor descriptor(byte[] bytes) {
    return Descriptor.of(MediaTypes.OCI_LAYER, Digest.ofBytes(bytes), bytes.length);
  }

  private static String push(RemoteRepository to, String tag) throws IOException {
    byte[] config = "{}".getBytes(StandardCharsets.US_ASCII);
    to.upload(descriptor(config), content(config));
    byte[] manifest = Fixture.MANIFEST.getBytes(StandardCharsets.UTF_8);
    to.put(tag, MediaTypes.OCI_MANIFEST, manifest);
    return Digest.ofBytes(manifest).toString();
  }

  @Test
  void anonymously() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(directory, "", "")) {
      RemoteRepository app = at(registry, "team/app");
      Descriptor blob = descriptor(BYTES);
      assertThat(app.has(blob.digest())).isFalse();
      app.upload(blob, content(BYTES));
      assertThat(app.has(blob.digest())).isTrue();
      try (BlobBody body = app.blob(blob, 1000, 5000)) {
        assertThat(body.offset()).isEqualTo(1000);
        assertThat(body.bytes().readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 1000, 6000));
      }
      assertThat(at(registry, "other").mount(blob.digest(), "team/app")).isTrue();
      assertThat(at(registry, "other").has(blob.digest())).isTrue();
      assertThat(at(registry, "other").mount(Digest.ofBytes(new byte[0]), "team/app")).isFalse();

      String digest = push(app, "1");
      String same = push(app, "2");
      assertThat(same).isEqualTo(digest);
      assertThat(app.tags()).containsExactlyInAnyOrder("1", "2");
      assertThat(app.find("1").orElseThrow().digest()).hasToString(digest);
      assertThat(app.manifest(digest).bytes()).asString().isEqualTo(Fixture.MANIFEST);
      assertThat(app.find("3")).isEmpty();
      assertThat(fails(Kind.NOT_FOUND, () -> app.manifest("3")))
          .hasMessageContaining("has no tag \"3\" in \"team/app\"");
      fails(Kind.NOT_SUPPORTED, () -> app.deleteManifest("1"));

      Digest subject = Digest.parse(digest);
      assertThat(app.referrers(subject, Optional.empty()).manifests()).isEmpty();
      app.deleteManifest(digest);
      assertThat(app.find(digest)).isEmpty();
      app.deleteBlob(blob.digest());
      assertThat(app.has(blob.digest())).isFalse();
      assertThat(
              registries
                  .registry(registry.domain(), RegistryAccess.of(environment))
                  .search("app", 10))
          .extracting(SearchResult::name)
          .containsExactly(registry.domain() + "/team/app");
    }
  }

  @Test
  void anUploadThatBreaksIsGoneOnWith() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(directory, "", "")) {
      AtomicInteger opened = new AtomicInteger();
      BlobContent breaking =
          offset ->
              opened.getAndIncrement() > 0
                  ? content(BYTES).open(offset)
                  : new ByteArrayInputStream(BYTES, 0, 3 << 20);
      RemoteRepository app = at(registry, "app");
      app.upload(descriptor(BYTES), breaking);
      assertThat(opened).hasValueGreaterThan(1);
      try (BlobBody body = app.blob(descriptor(BYTES), 0, BYTES.length)) {
        assertThat(body.bytes().readAllBytes()).isEqualTo(BYTES);
      }
    }
  }

  @Test
  void withPasswords() throws Exception {
    run(directory, "htpasswd", "-Bbc", "passwords", "me", "secret");
    String auth =
        "auth:\n  htpasswd:\n    realm: test\n    path: " + directory.resolve("passwords");
    try (DebianRegistry registry = DebianRegistry.start(directory, "", auth)) {
      fails(Kind.UNAUTHORIZED, () -> at(registry, "app").find("1"));
      RegistryAccess access = RegistryAccess.of(environment);
      Registry whole = registries.registry(registry.domain(), access);
      fails(Kind.UNAUTHORIZED, () -> whole.login(new Credentials("me", "wrong")));
      assertThat(whole.login(new Credentials("me", "secret")).file())
          .isEqualTo(directory.resolve("home/.docker/config.json"));
      String digest = push(at(registry, "app"), "1");
      assertThat(at(registry, "app").find("1").orElseThrow().digest()).hasToString(digest);
    }
  }

  /**
   * An authority, a registry's certificate, and a client's with a key in one of the usual forms.
   */
  private void certificates(String keyType) throws Exception {
    String ext = "subjectAltName=IP:127.0.0.1,DNS:registry.example";
    Files.writeString(directory.resolve("ext"), ext);
    run(
        directory,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=Test authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt");
    signed("server", "pkcs8");
    signed("client", keyType);
  }

  private void signed(String name, String keyType) throws Exception {
    switch (keyType) {
      case "pkcs1" -> run(directory, "openssl", "genrsa", "-traditional", "-out", name + ".key");
      case "sec1" ->
          run(
              directory,
              "openssl",
              "ecparam",
              "-name",
              "prime256v1",
              "-genkey",
              "-out",
              name + ".key");
      default -> run(directory, "openssl", "genpkey", "-algorithm", "RSA", "-out", name + ".key");
    }
    run(
        directory,
        "openssl",
        "req",
        "-new",
        "-key",
        name + ".key",
        "-subj",
        "/CN=" + name,
        "-out",
        name + ".csr");
    run(
        directory,
        "openssl",
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "ext",
        "-out",
        name + ".crt");
  }

  private DebianRegistry encrypted() throws Exception {
    return DebianRegistry.start(
        directory,
        "tls:\n  certificate: %1$s/server.crt\n  key: %1$s/server.key\n  clientcas:\n    - %1$s/ca.crt"
            .formatted(directory),
        "");
  }

  private void trust(String place, boolean withClient) throws IOException {
    Path certs = Files.createDirectories(directory.resolve("system").resolve(place));
    Files.copy(directory.resolve("ca.crt"), certs.resolve("ca.crt"));
    if (withClient) {
      Files.copy(directory.resolve("client.crt"), certs.resolve("client.cert"));
      Files.copy(directory.resolve("client.key"), certs.resolve("client.key"));
    }
  }

  private RemoteRepository verified(String domain) throws IOException {
    RegistryAccess access =
        new RegistryAccess(
            environment, Optional.empty(), Optional.empty(), Optional.of(true), Optional.empty());
    return registries.open(Reference.parse(domain + "/app"), access);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs8", "pkcs1", "sec1"})
  void withCertificatesOnBothSides(String keyType) throws Exception {
    certificates(keyType);
    try (DebianRegistry registry = encrypted()) {
      assertThat(fails(Kind.UNAVAILABLE, () -> verified(registry.domain()).find("1")))
          .hasMessageEndingWith("its certificate is signed by an unknown authority");
      trust("etc/docker/certs.d/" + registry.domain(), true);
      String digest = push(verified(registry.domain()), "1");
      assertThat(verified(registry.domain()).find("1").orElseThrow().digest()).hasToString(digest);
    }
  }

  @Test
  void aRegistryThatWantsToKnowWhoCallsRefusesStrangers() throws Exception {
    certificates("pkcs8");
    try (DebianRegistry registry = encrypted()) {
      trust("etc/coffer/registries.d/" + registry.domain(), false);
      assertThat(fails(Kind.UNAVAILABLE, () -> verified(registry.domain()).find("1")))
          .hasMessageContaining(registry.domain());
    }
  }

  @Test
  void throughAProxyThatWantsAPassword() throws Exception {
    certificates("pkcs8");
    try (DebianRegistry registry = encrypted();
        ConnectProxy proxy = new ConnectProxy(registry.port())) {
      trust("etc/coffer/registries.d/registry.example", true);
      environment.put("https_proxy", "http://me:secret@127.0.0.1:" + proxy.port());
      assertThat(verified("registry.example").find("1")).isEmpty();
      assertThat(proxy.heads())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("CONNECT registry.example:443 ")
          .contains("Proxy-Authorization: Basic bWU6c2VjcmV0");
    }
  }
}
