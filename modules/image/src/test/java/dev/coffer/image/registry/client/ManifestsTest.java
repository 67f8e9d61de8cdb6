package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
  @TempDir Path system;
  private Fixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void getsByTagAndByDigest() throws Exception {
    String digest = fixture.tagged("1");
    RemoteManifest byTag = fixture.app().manifest("1");
    assertThat(byTag.descriptor().digest()).hasToString(digest);
    assertThat(byTag.descriptor().mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(new String(byTag.bytes(), StandardCharsets.UTF_8)).isEqualTo(Fixture.MANIFEST);
    assertThat(fixture.app().manifest(digest).bytes()).isEqualTo(byTag.bytes());
  }

  @Test
  void findsByHead() throws Exception {
    String digest = fixture.tagged("1");
    Descriptor found = fixture.app().find("1").orElseThrow();
    assertThat(found.digest()).hasToString(digest);
    assertThat(found.size()).isEqualTo(Fixture.MANIFEST.length());
    assertThat(fixture.registry.count("GET .*/manifests/")).isZero();
    assertThat(fixture.app().find("2")).isEmpty();
  }

  @Test
  void findsWithoutTheFieldsThatAHeadIsFor() throws Exception {
    String digest = fixture.tagged("1");
    fixture.registry.when(
        "HEAD .*/manifests/1",
        exchange -> {
          exchange.answer(200);
          return true;
        });
    assertThat(fixture.app().find("1").orElseThrow().digest()).hasToString(digest);
  }

  @Test
  void saysWhichTagIsMissingWhere() throws Exception {
    fixture.tagged("1");
    assertThat(fails(Kind.NOT_FOUND, () -> fixture.app().manifest("2")))
        .hasMessage(
            "manifest unknown: registry %s has no tag \"2\" in \"app\""
                .formatted(fixture.registry.domain()));
  }

  @Test
  void refusesOtherBytesThanTheDigestNames() throws Exception {
    String digest = fixture.tagged("1");
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          exchange
              .set("Content-Type", MediaTypes.OCI_MANIFEST)
              .set("Docker-Content-Digest", digest)
              .answer(200, Fixture.MANIFEST + " ");
          return true;
        });
    assertThat(fails(Kind.DIGEST_MISMATCH, () -> fixture.app().manifest(digest)))
        .hasMessageContaining(digest);
    fails(Kind.DIGEST_MISMATCH, () -> fixture.app().manifest("1"));
  }

  @Test
  void verifiesSha512() throws Exception {
    byte[] bytes = Fixture.MANIFEST.getBytes(StandardCharsets.UTF_8);
    String digest = Digest.of(Digest.Algorithm.SHA512, bytes).toString();
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          exchange
              .set("Content-Type", MediaTypes.OCI_MANIFEST)
              .set("Docker-Content-Digest", digest)
              .answer(200, bytes);
          return true;
        });
    assertThat(fixture.app().manifest(digest).descriptor().digest()).hasToString(digest);
    assertThat(fixture.app().manifest("any").descriptor().digest()).hasToString(digest);
    fails(
        Kind.DIGEST_MISMATCH,
        () -> fixture.app().manifest(Digest.of(Digest.Algorithm.SHA512, new byte[1]).toString()));
  }

  private void serve(String contentType, String text) {
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          exchange.set("Content-Type", contentType).answer(200, text);
          return true;
        });
  }

  @Test
  void refusesConfusedTypes() {
    serve(MediaTypes.OCI_INDEX, Fixture.MANIFEST);
    assertThat(fails(Kind.MALFORMED, () -> fixture.app().manifest("1")))
        .hasMessageContaining("it was sent as");
    serve(MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}");
    assertThat(fails(Kind.MALFORMED, () -> fixture.app().manifest("1")))
        .hasMessageContaining("a manifest and an index at once");
    serve(MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":2,\"manifests\":[]}");
    fails(Kind.MALFORMED, () -> fixture.app().manifest("1"));
  }

  @Test
  void ignoresParametersAndTypesThatSayNothing() throws Exception {
    serve(MediaTypes.OCI_MANIFEST + "; charset=utf-8", Fixture.MANIFEST);
    assertThat(fixture.app().manifest("1").descriptor().mediaType())
        .isEqualTo(MediaTypes.OCI_MANIFEST);
    serve("application/json", "{\"schemaVersion\":2,\"manifests\":[]}");
    assertThat(fixture.app().manifest("1").descriptor().mediaType())
        .isEqualTo(MediaTypes.OCI_INDEX);
  }

  @Test
  void refusesSchema1() {
    serve("application/vnd.docker.distribution.manifest.v1+prettyjws", "{\"schemaVersion\":1}");
    assertThat(fails(Kind.NOT_SUPPORTED, () -> fixture.app().manifest("1")))
        .hasMessageContaining("schema 1");
    serve("application/json", "{\"schemaVersion\":1,\"fsLayers\":[]}");
    fails(Kind.NOT_SUPPORTED, () -> fixture.app().manifest("1"));
  }

  @Test
  void refusesWhatIsTooLargeOrNoJson() {
    serve(MediaTypes.OCI_MANIFEST, " ".repeat((4 << 20) + 1));
    fails(Kind.LIMIT_EXCEEDED, () -> fixture.app().manifest("1"));
    serve(MediaTypes.OCI_MANIFEST, "<html>");
    fails(Kind.MALFORMED, () -> fixture.app().manifest("1"));
  }

  @Test
  void triesAgainWhatMayPass() throws Exception {
    fixture.tagged("1");
    AtomicInteger tries = new AtomicInteger();
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          switch (tries.incrementAndGet()) {
            case 1 -> exchange.set("Retry-After", "0").answer(429);
            case 2 -> exchange.breakOff();
            default -> {
              return false;
            }
          }
          return true;
        });
    assertThat(fixture.app().manifest("1").bytes()).isNotEmpty();
    assertThat(tries).hasValue(3);
  }

  @Test
  void givesUpInTheEnd() {
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          FakeRegistry.error(exchange, 503, "UNAVAILABLE", "too\\u001b[31m busy");
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> fixture.app().manifest("1")))
        .hasMessageContaining("status 503")
        .hasMessageEndingWith(": too [31m busy");
    assertThat(fixture.registry.count("GET .*/manifests/")).isEqualTo(3);
  }

  @Test
  void doesNotWaitLongerThanBounded() {
    fixture.registry.when(
        "GET .*/manifests/",
        exchange -> {
          exchange.set("Retry-After", "3600").answer(429);
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> fixture.app().manifest("1")))
        .hasMessageContaining("come back in 3600 s");
    assertThat(fixture.registry.count("GET .*/manifests/")).isEqualTo(1);
  }

  @Test
  void putsByTagAndChecksDigests() throws Exception {
    byte[] bytes = Fixture.MANIFEST.getBytes(StandardCharsets.UTF_8);
    fixture.app().put("new", MediaTypes.OCI_MANIFEST, bytes);
    assertThat(fixture.registry.manifest("app", "new")).contains(Fixture.MANIFEST);
    String other = Digest.ofBytes(new byte[1]).toString();
    fails(Kind.DIGEST_MISMATCH, () -> fixture.app().put(other, MediaTypes.OCI_MANIFEST, bytes));
    fixture.registry.when(
        "PUT .*/manifests/",
        exchange -> {
          exchange.set("Docker-Content-Digest", other).answer(201);
          return true;
        });
    fails(Kind.DIGEST_MISMATCH, () -> fixture.app().put("new", MediaTypes.OCI_MANIFEST, bytes));
  }

  @Test
  void deletes() throws Exception {
    String digest = fixture.tagged("1");
    fixture.app().deleteManifest(digest);
    fails(Kind.NOT_FOUND, () -> fixture.app().deleteManifest(digest));
    fixture.registry.when(
        "DELETE",
        exchange -> {
          FakeRegistry.error(exchange, 405, "UNSUPPORTED", "no");
          return true;
        });
    assertThat(fails(Kind.NOT_SUPPORTED, () -> fixture.app().deleteManifest("1")))
        .hasMessageContaining("does not delete tags");
  }

  @Test
  void deletesWhatCannotBeRead() throws Exception {
    Digest digest =
        fixture.registry.manifest("app", "old", MediaTypes.OCI_MANIFEST, "{\"schemaVersion\":1}");
    fails(Kind.NOT_SUPPORTED, () -> fixture.app().manifest(digest.toString()));
    fixture.app().deleteManifest(digest.toString());
    assertThat(fixture.registry.manifest("app", digest.toString())).isEmpty();
  }

  @Test
  void refusesNamesThatAreNone() {
    fails(Kind.INVALID_REQUEST, () -> fixture.app().manifest("a/../b"));
    fails(Kind.INVALID_REQUEST, () -> fixture.app().manifest("sha256:12"));
  }
}
