package dev.coffer.image.registry.client;

import static dev.coffer.image.registry.client.Failing.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.testkit.registry.FakeRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobsTest {
  private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path system;
  private Fixture fixture;
  private Descriptor blob;

  @BeforeEach
  void start() throws IOException {
    fixture = new Fixture(system);
    Digest digest = fixture.registry.blob("app", BYTES);
    blob = Descriptor.of(MediaTypes.OCI_LAYER, digest, BYTES.length);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private String read(long offset, long length) throws IOException {
    try (BlobBody body = fixture.app().blob(blob, offset, length)) {
      return body.offset()
          + ":"
          + new String(body.bytes().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void readsAllOrAPart() throws Exception {
    assertThat(read(0, Long.MAX_VALUE)).isEqualTo("0:0123456789");
    assertThat(read(3, 4)).isEqualTo("3:3456");
    assertThat(read(8, 100)).isEqualTo("8:89");
    fails(Kind.INVALID_REQUEST, () -> read(11, 1));
  }

  @Test
  void saysWhenTheRegistryKnowsNoRanges() throws Exception {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.answer(200, BYTES);
          return true;
        });
    assertThat(read(3, 4)).isEqualTo("0:0123456");
  }

  @Test
  void refusesOtherBytesThanThoseAskedFor() {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.set("Content-Range", "bytes 2-5/10").answer(206, "2345");
          return true;
        });
    fails(Kind.MALFORMED, () -> read(3, 4));
  }

  @Test
  void refusesARangeThatTheRegistryDoesNotHave() {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.answer(416);
          return true;
        });
    assertThat(fails(Kind.MALFORMED, () -> read(3, 4))).hasMessageContaining("from 3 on");
  }

  @Test
  void neverGivesMoreThanTheDescriptorSays() throws Exception {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.answer(200, "0123456789and more");
          return true;
        });
    assertThat(read(0, Long.MAX_VALUE)).isEqualTo("0:0123456789");
  }

  @Test
  void aShortBodyIsAnErrorThatNamesTheBlob() {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.answer(200, "01234");
          return true;
        });
    assertThat(fails(Kind.TRUNCATED, () -> read(0, 10)))
        .hasMessage(
            "cannot read blob %s in \"app\" from %s: it ends 5 bytes early"
                .formatted(blob.digest(), fixture.registry.domain()));
  }

  @Test
  void aBrokenBodyIsAnError() {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          OutputStream out = exchange.begin(200, 10);
          out.write(BYTES, 0, 5);
          exchange.breakOff();
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> read(0, 10)))
        .hasMessageContaining(blob.digest().toString())
        .hasMessageContaining(fixture.registry.domain());
  }

  @Test
  void aStallIsAnError() {
    CountDownLatch done = new CountDownLatch(1);
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          OutputStream out = exchange.begin(200, 10);
          out.write(BYTES, 0, 5);
          out.flush();
          await(done);
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> read(0, 10)))
        .hasMessageEndingWith("nothing came for 400 ms");
    done.countDown();
  }

  @Test
  void anInterruptEndsTheReading() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          begun.countDown();
          await(done);
          return true;
        });
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    failure.completeExceptionally(new AssertionError(read(0, 10)));
                  } catch (IOException e) {
                    failure.complete(e);
                  }
                });
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    reader.interrupt();
    assertThat(failure.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
    done.countDown();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void followsRedirectsWithoutTellingSecrets() throws Exception {
    List<Optional<String>> seen = new CopyOnWriteArrayList<>();
    fixture.registry.withBasic("me", "secret");
    fixture.file(
        "home/.docker/config.json",
        "{\"auths\":{\"%s\":{\"auth\":\"bWU6c2VjcmV0\"}}}".formatted(fixture.registry.domain()));
    try (FakeRegistry storage = FakeRegistry.start()) {
      storage.when(
          "GET /elsewhere",
          exchange -> {
            seen.add(exchange.header("Authorization"));
            exchange.answer(200, BYTES);
            return true;
          });
      fixture.registry.when(
          "GET .*/blobs/",
          exchange -> {
            if (exchange.header("Authorization").isEmpty()) {
              return false;
            }
            exchange.set("Location", "http://" + storage.domain() + "/elsewhere?sig=1").answer(307);
            return true;
          });
      assertThat(read(0, 10)).isEqualTo("0:0123456789");
    }
    assertThat(seen).containsExactly(Optional.empty());
  }

  @Test
  void refusesRedirectsWithoutAnEnd() {
    fixture.registry.when(
        "GET .*/blobs/",
        exchange -> {
          exchange.set("Location", exchange.path()).answer(302);
          return true;
        });
    assertThat(fails(Kind.UNAVAILABLE, () -> read(0, 10))).hasMessageContaining("without an end");
  }

  @Test
  void readsForeignLayersWhereTheyAre() throws Exception {
    try (FakeRegistry elsewhere = FakeRegistry.start()) {
      elsewhere.when(
          "GET /layer",
          exchange -> {
            exchange.answer(200, BYTES);
            return true;
          });
      JsonObject urls =
          JsonObject.builder()
              .putStrings("urls", List.of("http://" + elsewhere.domain() + "/layer"))
              .build();
      Digest absent = Digest.ofBytes(new byte[] {1});
      blob = foreign("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", absent, urls);
      assertThat(read(0, 10)).isEqualTo("0:0123456789");
      blob = foreign(MediaTypes.OCI_LAYER, absent, urls);
      fails(Kind.NOT_FOUND, () -> read(0, 10));
    }
  }

  private static Descriptor foreign(String type, Digest digest, JsonObject urls) {
    return new Descriptor(type, digest, 10, Map.of(), Optional.empty(), Optional.empty(), urls);
  }

  @Test
  void saysWhichBlobIsMissing() {
    Digest absent = Digest.ofBytes(new byte[] {1});
    blob = Descriptor.of(MediaTypes.OCI_LAYER, absent, 1);
    assertThat(fails(Kind.NOT_FOUND, () -> read(0, 1)))
        .hasMessage(
            "blob unknown: registry %s has no blob %s in \"app\""
                .formatted(fixture.registry.domain(), absent));
  }

  @Test
  void knowsWhatIsThereAndDeletes() throws Exception {
    assertThat(fixture.app().has(blob.digest())).isTrue();
    fixture.app().deleteBlob(blob.digest());
    assertThat(fixture.app().has(blob.digest())).isFalse();
    fails(Kind.NOT_FOUND, () -> fixture.app().deleteBlob(blob.digest()));
  }

  @Test
  void aRegistryThatIsNotThereIsNamed() {
    String domain = fixture.registry.domain();
    fixture.registry.close();
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> read(0, 10))
        .withMessageContaining("registry " + domain)
        .withMessageEndingWith("connection refused");
  }
}
