package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobUploadTest {
  private static final byte[] BYTES = new byte[40 << 20];

  static {
    new Random(1).nextBytes(BYTES);
  }

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

  private static BlobContent content(byte[] bytes) {
    return offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }

  private Digest upload(int length) throws IOException {
    byte[] bytes = Arrays.copyOf(BYTES, length);
    Digest digest = Digest.ofBytes(bytes);
    fixture.app().upload(Descriptor.of(MediaTypes.OCI_LAYER, digest, length), content(bytes));
    return digest;
  }

  private void assertStored(Digest digest, int length) {
    assertThat(fixture.registry.blob("app", digest).orElseThrow())
        .isEqualTo(Arrays.copyOf(BYTES, length));
    assertThat(fixture.registry.unfinishedUploads()).isZero();
  }

  @Test
  void uploadsAtOnce() throws Exception {
    assertStored(upload(100_000), 100_000);
    assertThat(fixture.registry.count("PATCH")).isZero();
    assertThat(fixture.registry.count("PUT .*/uploads/1\\?s=x&digest=sha256%3A")).isEqualTo(1);
  }

  @Test
  void uploadsNothing() throws Exception {
    assertStored(upload(0), 0);
  }

  @Test
  void uploadsSha512() throws Exception {
    byte[] bytes = {1, 2};
    Digest digest = Digest.of(Digest.Algorithm.SHA512, bytes);
    fixture.app().upload(Descriptor.of("", digest, 2), content(bytes));
    assertThat(fixture.registry.blob("app", digest)).isPresent();
    assertThat(fixture.registry.count("POST .*\\?digest-algorithm=sha512")).isEqualTo(1);
  }

  @Test
  void uploadsInChunksWhereARegistryWantsThat() throws Exception {
    fixture.registry.when(
        "PUT",
        exchange -> {
          boolean large = exchange.header("Content-Length").map(Long::parseLong).orElse(0L) > 1000;
          if (large) {
            byte[] ignored = exchange.body();
            exchange.answer(413);
          }
          return large;
        });
    assertStored(upload(BYTES.length), BYTES.length);
    assertThat(fixture.registry.count("PATCH")).isEqualTo(3);
  }

  @Test
  void keepsTheLeastLengthOfChunks() throws Exception {
    fixture.registry.when(
        "POST",
        exchange -> {
          exchange.set("OCI-Chunk-Min-Length", String.valueOf(30 << 20));
          return false;
        });
    fixture.registry.when(
        "PUT .*",
        exchange -> {
          boolean large = !exchange.header("Content-Length").equals(Optional.of("0"));
          if (large) {
            byte[] ignored = exchange.body();
            exchange.answer(413);
          }
          return large;
        });
    assertStored(upload(BYTES.length), BYTES.length);
    assertThat(fixture.registry.count("PATCH")).isEqualTo(2);
  }

  @Test
  void goesOnWhereItBroke() throws Exception {
    AtomicInteger broken = new AtomicInteger();
    fixture.registry.when(
        "PUT .*/uploads/1",
        exchange -> {
          if (broken.getAndIncrement() > 0) {
            return false;
          }
          byte[] ignored = exchange.body();
          byte[] joined = fixture.registry.append("1", Arrays.copyOf(BYTES, 60_000));
          assertThat(joined).hasSize(60_000);
          exchange.breakOff();
          return true;
        });
    assertStored(upload(100_000), 100_000);
    assertThat(fixture.registry.count("GET .*/uploads/1")).isEqualTo(1);
    assertThat(fixture.registry.count("PATCH .*/uploads/1")).isEqualTo(1);
  }

  @Test
  void beginsAgainWhereTheRegistryForgot() throws Exception {
    fixture.registry.when(
        "(PUT|GET) .*/uploads/1",
        exchange -> {
          exchange.answer(exchange.method().equals("PUT") ? 503 : 404);
          return true;
        });
    Digest digest = upload(100_000);
    assertThat(fixture.registry.blob("app", digest)).isPresent();
    assertThat(fixture.registry.count("POST")).isEqualTo(2);
  }

  @Test
  void givesUpAndCancels() {
    fixture.registry.when(
        "(PUT|PATCH)",
        exchange -> {
          exchange.answer(503);
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> upload(10))).hasMessageContaining("status 503");
    assertThat(fixture.registry.unfinishedUploads()).isZero();
  }

  @Test
  void saysWhyTheRegistryRefuses() {
    fixture.registry.when(
        "PUT",
        exchange -> {
          FakeRegistry.error(exchange, 400, "DIGEST_INVALID", "provided digest did not match");
          return true;
        });
    assertThat(fails(Kind.MALFORMED, () -> upload(10)))
        .hasMessageContaining("provided digest did not match");
  }

  @Test
  void followsAbsoluteLocationsWithoutSecrets() throws Exception {
    fixture.registry.withBasic("me", "secret");
    fixture.file(
        "home/.docker/config.json",
        "{\"auths\":{\"%s\":{\"auth\":\"bWU6c2VjcmV0\"}}}".formatted(fixture.registry.domain()));
    try (FakeRegistry storage = FakeRegistry.start()) {
      storage.when(
          "PUT /there",
          exchange -> {
            assertThat(exchange.header("Authorization")).isEmpty();
            assertThat(exchange.body()).hasSize(10);
            exchange.answer(201);
            return true;
          });
      fixture.registry.when(
          "POST",
          exchange -> {
            if (exchange.header("Authorization").isEmpty()) {
              return false;
            }
            exchange.set("Location", "http://" + storage.domain() + "/there").answer(202);
            return true;
          });
      Digest ignored = upload(10);
      assertThat(storage.count("PUT /there\\?digest=")).isEqualTo(1);
    }
  }

  @Test
  void mounts() throws Exception {
    Digest digest = fixture.registry.blob("base", new byte[] {1});
    assertThat(fixture.app().mount(digest, "base")).isTrue();
    assertThat(fixture.app().has(digest)).isTrue();
    assertThat(fixture.app().mount(Digest.ofBytes(new byte[] {2}), "base")).isFalse();
    assertThat(fixture.registry.unfinishedUploads()).isZero();
  }
}
