package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorsTest {
  @TempDir Path system;
  private Fixture fixture;
  private FakeRegistry mirror;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
    mirror = FakeRegistry.start();
    mirrored("");
  }

  @AfterEach
  void stop() {
    mirror.close();
    fixture.close();
  }

  private void mirrored(String settings) throws IOException {
    fixture.file(
        "etc/coffer/registries.d/" + fixture.registry.domain() + "/hosts.toml",
        "server = \"http://%s\"\n[host.\"http://%s\"]\n%s"
            .formatted(fixture.registry.domain(), mirror.domain(), settings));
  }

  @Test
  void theMirrorIsAskedFirstAndToldWhatItStandsFor() throws Exception {
    String digest =
        mirror.manifest("app", "1", MediaTypes.OCI_MANIFEST, Fixture.MANIFEST).toString();
    assertThat(fixture.app().manifest("1").descriptor().digest()).hasToString(digest);
    assertThat(fixture.registry.requests()).isEmpty();
    assertThat(mirror.count("manifests/1\\?ns=" + fixture.registry.domain())).isEqualTo(1);
  }

  @Test
  void whatTheMirrorLacksComesFromTheRegistry() throws Exception {
    String ignored = fixture.tagged("1");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fixture.registry.count("ns=")).isZero();
  }

  @Test
  void aMirrorWithoutTrustIsNotAskedForTags() throws Exception {
    mirrored("capabilities = [\"pull\"]\n");
    String digest = fixture.tagged("1");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(mirror.requests()).isEmpty();
    assertThat(fixture.app().manifest(digest).bytes()).isNotEmpty();
    assertThat(mirror.count("manifests/" + digest)).isEqualTo(1);
  }

  @Test
  void whyMirrorsWerePassedByIsToldInTheEnd() {
    mirror.when(
        "manifests",
        exchange -> {
          exchange.answer(503);
          return true;
        });
    assertThat(fails(Kind.NOT_FOUND, () -> fixture.app().manifest("2")))
        .hasMessageContaining("has no tag \"2\" in \"app\" (mirror " + mirror.domain() + ": ")
        .hasMessageContaining("status 503");
  }

  @Test
  void aDeadMirrorIsAskedOnceAndThenPassedBy() throws Exception {
    mirror.close();
    String ignored = fixture.tagged("1");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fails(Kind.NOT_FOUND, () -> fixture.app().manifest("2")))
        .hasMessageContaining("failed a moment ago");
  }

  @Test
  void aMirrorHasCredentialsOfItsOwn() throws Exception {
    mirror.withBasic("me", "secret");
    fixture.file(
        "home/.docker/config.json",
        "{\"auths\":{\"%s\":{\"auth\":\"bWU6c2VjcmV0\"}}}".formatted(mirror.domain()));
    Digest ignored = mirror.manifest("app", "1", MediaTypes.OCI_MANIFEST, Fixture.MANIFEST);
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(fixture.registry.requests()).isEmpty();
  }

  @Test
  void theRegistrysCredentialsAreNotForTheMirror() throws Exception {
    mirror.withBasic("me", "secret");
    fixture.file(
        "home/.docker/config.json",
        "{\"auths\":{\"%s\":{\"auth\":\"bWU6c2VjcmV0\"}}}".formatted(fixture.registry.domain()));
    String ignored = fixture.tagged("1");
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(mirror.requests()).hasSize(1);
  }

  @Test
  void writingGoesToTheRegistry() throws Exception {
    byte[] bytes = Fixture.MANIFEST.getBytes(StandardCharsets.UTF_8);
    fixture.app().put("new", MediaTypes.OCI_MANIFEST, bytes);
    assertThat(mirror.requests()).isEmpty();
    assertThat(fixture.registry.manifest("app", "new")).isPresent();
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("nobody came");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aTransferThatBreaksGoesOnElsewhere() throws Exception {
    CountDownLatch arriving = new CountDownLatch(1);
    byte[] bytes = {1, 2, 3, 4};
    Digest digest = mirror.blob("app", bytes);
    Digest same = fixture.registry.blob("app", bytes);
    assertThat(same).isEqualTo(digest);
    mirror.when(
        "GET .*/blobs/",
        exchange -> {
          OutputStream body = exchange.begin(200, 4);
          body.write(new byte[] {1, 2});
          body.flush();
          // Only once the answer has begun to arrive: before that, the registry would be asked at
          // once.
          awaitQuietly(arriving);
          exchange.breakOff();
          return true;
        });
    Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, digest, 4);
    fails(
        Kind.UNAVAILABLE,
        () -> {
          try (BlobBody body = fixture.app().blob(blob, 0, 4)) {
            arriving.countDown();
            assertThat(body.bytes().readAllBytes()).isNull();
          }
        });
    try (BlobBody body = fixture.app().blob(blob, 2, 2)) {
      assertThat(body.host()).isEqualTo(fixture.registry.domain());
      assertThat(body.bytes().readAllBytes()).containsExactly(3, 4);
    }
  }

  @Test
  void aMirrorWithABlobOfAnotherLengthIsPassedBy() throws Exception {
    byte[] bytes = {1, 2, 3, 4};
    Digest digest = fixture.registry.blob("app", bytes);
    mirror.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.answer(200, new byte[] {1, 2});
          return true;
        });
    Descriptor blob = Descriptor.of(MediaTypes.OCI_LAYER, digest, 4);
    try (BlobBody body = fixture.app().blob(blob, 0, 4)) {
      assertThat(body.bytes().readAllBytes()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void registriesConfReplacesTheLocation() throws Exception {
    fixture.file(
        "etc/containers/registries.conf",
        "[[registry]]\nprefix=\"logical.example/team\"\nlocation=\"%s\"\ninsecure=true\n"
            .formatted(fixture.registry.domain()));
    String ignored = fixture.tagged("1");
    assertThat(
            fixture
                .registries
                .open(Reference.parse("logical.example/team/app"), fixture.access())
                .manifest("1")
                .bytes())
        .isNotEmpty();
  }
}
