package dev.coffer.image.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.store.ImageStoreOptions;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.WaitFor;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pulling, from registries that behave and from such that do not. */
@Timeout(60)
class PullTest {
  private static final Reference NAME = Reference.parse("registry.test/image:1");
  private static final int RANGE = 64 << 10;
  private static final PullLimits QUICK =
      new PullLimits(
          3,
          RANGE,
          3,
          4,
          1024,
          Duration.ofMillis(200),
          100,
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  @TempDir Path root;
  private LocalImageStore store;
  private final byte[] large = noise(1, 10 * RANGE);
  private final ImageBuilder image =
      ImageBuilder.of(
          Packing.GZIP,
          new TarBuilder().file("a", bytes("one")).build(),
          new TarBuilder().file("large", large).build(),
          new TarBuilder().file("b", bytes("three")).build());
  private final FaultyRepository registry = new FaultyRepository("1", image.layout("1"));
  private final Digest middle = image.layers().get(1).digest();

  @BeforeEach
  void open() throws IOException {
    store = reopened();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private LocalImageStore reopened() throws IOException {
    return LocalImageStore.open(
        root, new ImageStoreOptions(ArchiveLimits.DEFAULT, Optional.empty(), QUICK, List.of()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(long seed, int length) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private PullResult pull() throws IOException {
    return store.pull(NAME, registry, PullOptions.DEFAULT, TransferListener.NONE);
  }

  private void assertWhole(PullResult result) throws IOException {
    List<Path> layers = store.layers(result.image().orElseThrow());
    assertThat(layers).hasSize(3);
    assertThat(layers.get(0).resolve("a")).hasContent("one");
    assertThat(layers.get(1).resolve("large")).hasBinaryContent(large);
    assertThat(store.resolve(NAME.familiar(), Optional.empty()).id()).isEqualTo(image.id());
    assertThat(unfinished()).isEmpty();
  }

  private List<String> unfinished() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("content/ingest"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private void assertFails(Kind kind, String... words) {
    assertThatThrownBy(this::pull)
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(List.of(words)).allMatch(e.getMessage()::contains, e.getMessage());
            });
    assertThat(store.list()).isEmpty();
  }

  @Test
  void allOfAnImageComesInPieces() throws IOException {
    PullResult result = pull();
    assertWhole(result);
    assertThat(result.changed()).isTrue();
    assertThat(result.target().digest()).isEqualTo(image.manifest().digest());
    assertThat(registry.requests.stream().filter(each -> each.startsWith(middle.shortHex())))
        .hasSizeGreaterThan(8);
  }

  @Test
  void whatIsHereIsNotFetchedAgain() throws IOException {
    pull();
    registry.requests.clear();
    assertThat(pull().changed()).isFalse();
    store.tag(NAME.familiar(), Reference.parse("other:1"));
    store.remove(NAME.familiar(), new RemoveOptions(false, _ -> false));
    assertThat(pull().changed()).isTrue();
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void aSenderWithoutRangesIsReadToTheEnd() throws IOException {
    registry.sendBy(
        (_, bytes, _, _) -> new BlobBody(0, "registry.test", new ByteArrayInputStream(bytes)));
    assertWhole(pull());
  }

  @Test
  void aConnectionThatBreaksIsGoneOnWith() throws IOException {
    registry.sendBy(
        (_, bytes, offset, length) ->
            new BlobBody(
                offset,
                "registry.test",
                breaking(FaultyRepository.part(bytes, offset, length), 20_000)));
    List<TransferEvent> events = new CopyOnWriteArrayList<>();
    PullResult result = store.pull(NAME, registry, PullOptions.DEFAULT, events::add);
    assertWhole(result);
    assertThat(events).anyMatch(event -> event instanceof TransferEvent.Retrying);
  }

  private static InputStream breaking(InputStream in, int after) {
    return new FilterInputStream(in) {
      private int left = after;

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (left == 0) {
          throw new IOException("connection reset");
        }
        int count = super.read(into, offset, Math.min(length, left));
        left -= Math.max(count, 0);
        return count;
      }
    };
  }

  @Test
  void patienceHasAnEnd() throws IOException {
    registry.sendBy(
        middle,
        (_, bytes, offset, length) ->
            new BlobBody(
                offset,
                "registry.test",
                breaking(FaultyRepository.part(bytes, offset, length), 10)));
    assertFails(Kind.UNAVAILABLE, middle.toString(), "registry.test/image", "connection reset");
  }

  @Test
  void finishedLayersAndPiecesOfOthersAreKept() throws IOException {
    CountDownLatch sent = new CountDownLatch(3);
    registry.sendBy(
        middle,
        (_, bytes, offset, length) -> {
          if (offset >= 3 * RANGE) {
            awaitQuietly(sent);
            WaitFor.condition(
                "the other layers are there", Duration.ofSeconds(20), () -> hasLayers(0, 2));
            throw new ImageException(Kind.UNAUTHORIZED, "denied by registry.test");
          }
          return new BlobBody(
              offset, "registry.test", counted(FaultyRepository.part(bytes, offset, length), sent));
        });
    assertFails(Kind.UNAUTHORIZED, "denied");
    store.close();
    store = reopened();
    assertThat(unfinished()).hasSize(2);
    registry.requests.clear();
    registry.sendBy(middle, FaultyRepository.HONEST);
    assertWhole(pull());
    assertThat(registry.requests).allMatch(each -> each.startsWith(middle.shortHex()));
    assertThat(registry.requests).noneMatch(each -> each.contains(" 0+"));
  }

  private boolean hasLayers(int... indexes) {
    Path blobs = root.resolve("content/blobs/sha256");
    return Arrays.stream(indexes)
        .mapToObj(index -> image.layers().get(index).digest().hex())
        .allMatch(hex -> Files.exists(blobs.resolve(hex)));
  }

  /** Counts when all of it has been read and, since the next is asked for after that, written. */
  private static InputStream counted(InputStream in, CountDownLatch latch) {
    return new FilterInputStream(in) {
      @Override
      public void close() throws IOException {
        latch.countDown();
        super.close();
      }
    };
  }

  @Test
  void aDamagedPieceOfAnEarlierPullIsFetchedAgain() throws IOException {
    Path part = root.resolve("content/ingest").resolve("sha256-" + middle.hex() + ".part");
    registry.sendBy(
        middle,
        (_, bytes, offset, length) -> {
          if (offset > 0) {
            throw new ImageException(Kind.UNAUTHORIZED, "denied by registry.test");
          }
          return new BlobBody(
              offset, "registry.test", FaultyRepository.part(bytes, offset, length));
        });
    assertFails(Kind.UNAUTHORIZED, "denied");
    Files.write(part, new byte[RANGE]);
    registry.sendBy(middle, FaultyRepository.HONEST);
    assertWhole(pull());
  }

  @Test
  void otherBytesAreRefused() throws IOException {
    registry.sendBy(
        middle,
        (_, bytes, offset, length) -> {
          bytes[bytes.length / 2] ^= 1;
          return new BlobBody(
              offset, "registry.test", FaultyRepository.part(bytes, offset, length));
        });
    assertThatThrownBy(this::pull)
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isIn(Kind.DIGEST_MISMATCH, Kind.MALFORMED));
    assertThat(store.list()).isEmpty();
    registry.sendBy(middle, FaultyRepository.HONEST);
    assertWhole(pull());
  }

  @Test
  void aMirrorThatSendsOtherBytesIsPassedBy() throws IOException {
    registry.mirrorBy(
        middle,
        (_, bytes, offset, length) -> {
          bytes[bytes.length / 2] ^= 1;
          return new BlobBody(offset, "mirror.test", FaultyRepository.part(bytes, offset, length));
        });
    assertWhole(pull());
  }

  @Test
  void aSenderThatHardlySendsIsGivenUp() {
    registry.sendBy(
        middle,
        (_, bytes, offset, length) ->
            new BlobBody(
                offset, "registry.test", dripping(FaultyRepository.part(bytes, offset, length))));
    assertFails(Kind.UNAVAILABLE, "sent no more than", "given up after 4 attempts");
  }

  private static InputStream dripping(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        return super.read(into, offset, 1);
      }
    };
  }

  @Test
  void aBlobThatIsNotThereIsNamed() {
    registry.drop(middle);
    assertFails(Kind.NOT_FOUND, middle.toString(), "registry.test");
  }

  @Test
  void aShorterBlobIsTruncated() {
    registry.sendBy(
        middle,
        (_, bytes, offset, length) ->
            new BlobBody(
                offset,
                "registry.test",
                FaultyRepository.part(Arrays.copyOf(bytes, 100), Math.min(offset, 100), length)));
    assertFails(Kind.UNAVAILABLE, "registry.test ended after", "given up");
  }

  @Test
  void twoPullsOfABlobShareOneDownload() throws Exception {
    CountDownLatch both = new CountDownLatch(1);
    registry.sendBy(
        middle,
        (_, bytes, offset, length) -> {
          awaitQuietly(both);
          return new BlobBody(
              offset, "registry.test", FaultyRepository.part(bytes, offset, length));
        });
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Future<PullResult> first = pool.submit(this::pull);
      Future<PullResult> second =
          pool.submit(
              () ->
                  store.pull(
                      Reference.parse("registry.test/image:2"),
                      new Renamed(registry).repository(),
                      PullOptions.DEFAULT,
                      TransferListener.NONE));
      both.countDown();
      PullResult one = first.get(30, TimeUnit.SECONDS);
      assertThat(second.get(30, TimeUnit.SECONDS).image()).isPresent();
      assertWhole(one);
    }
    assertThat(registry.requests).doesNotHaveDuplicates();
  }

  @Test
  void tenPullsOfANameAtOnceAreOne() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(10)) {
      List<Future<PullResult>> pulls = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        pulls.add(pool.submit(this::pull));
      }
      for (Future<PullResult> each : pulls) {
        assertThat(each.get(30, TimeUnit.SECONDS).image()).isPresent();
      }
    }
    assertWhole(pull());
    assertThat(registry.requests).doesNotHaveDuplicates();
  }

  /** The same content under another tag. */
  private record Renamed(FaultyRepository repository) {
    Renamed {
      Descriptor target = repository.find("1").orElseThrow();
      try {
        repository.put("2", target, repository.manifest("1").bytes());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("nobody came");
      }
    } catch (InterruptedException e) {
      throw new java.io.InterruptedIOException("interrupted");
    }
  }

  @Test
  void pruningGivesUpWhatAnEarlierPullHasLeft() throws IOException {
    registry.drop(middle);
    assertFails(Kind.NOT_FOUND, middle.toString());
    assertThat(unfinished()).isNotEmpty();
    assertThat(store.use(_ -> true).bytes()).isPositive();
    store.prune(_ -> false);
    assertThat(unfinished()).isEmpty();
    assertThat(store.use(_ -> true).bytes()).isZero();
    try (Stream<Path> blobs = Files.walk(root.resolve("content/blobs"))) {
      assertThat(blobs.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void anInterruptEndsItAndKeepsWhatArrived() throws Exception {
    CountDownLatch sent = new CountDownLatch(2);
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    registry.sendBy(
        middle,
        (_, bytes, offset, length) -> {
          if (offset >= 2 * RANGE) {
            stuck.countDown();
            awaitQuietly(never);
          }
          return new BlobBody(
              offset, "registry.test", counted(FaultyRepository.part(bytes, offset, length), sent));
        });
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Thread puller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    pull();
                  } catch (IOException e) {
                    failures.add(e);
                  }
                });
    sent.await();
    stuck.await();
    puller.interrupt();
    assertThat(puller.join(Duration.ofSeconds(10))).isTrue();
    assertThat(failures).hasSize(1);
    assertThat(store.list()).isEmpty();
    registry.sendBy(middle, FaultyRepository.HONEST);
    registry.requests.clear();
    assertWhole(pull());
    assertThat(registry.requests).noneMatch(each -> each.startsWith(middle.shortHex() + " 0+"));
  }

  @Test
  void theBestOfAnIndexIsChosen() throws IOException {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(Platform.parse("linux/s390x"), of("linux/s390x"));
    images.put(Platform.host(), image);
    FaultyRepository index = new FaultyRepository("1", ImageBuilder.layoutOfIndex("1", images));
    PullResult result = store.pull(NAME, index, PullOptions.DEFAULT, TransferListener.NONE);
    assertWhole(result);
    assertThat(result.target().mediaType()).isEqualTo(MediaTypes.OCI_INDEX);
    PullOptions other = new PullOptions(Optional.of(Platform.parse("linux/s390x")));
    assertThat(store.pull(NAME, index, other, TransferListener.NONE).image().orElseThrow().id())
        .isEqualTo(of("linux/s390x").id());
    assertThat(store.list()).hasSize(2);
    PullOptions none = new PullOptions(Optional.of(Platform.parse("linux/riscv64")));
    assertThatThrownBy(() -> store.pull(NAME, index, none, TransferListener.NONE))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("has no image for platform linux/riscv64")
        .hasMessageContaining("linux/s390x")
        .hasMessageContaining(Platform.host().toString());
  }

  private static ImageBuilder of(String platform) {
    return ImageBuilder.of(
        Platform.parse(platform), Packing.GZIP, new TarBuilder().file("a", bytes("x")).build());
  }

  @Test
  void anImageByItsDigestIsKnownByThat() throws IOException {
    Reference byDigest = NAME.withDigest(image.manifest().digest());
    store.pull(byDigest, registry, PullOptions.DEFAULT, TransferListener.NONE);
    assertThat(store.resolve(byDigest.toString(), Optional.empty()).id()).isEqualTo(image.id());
    assertThat(store.list().getFirst().references()).containsExactly(byDigest);
  }

  @Test
  void eventsTellTheWholeStory() throws IOException {
    List<TransferEvent> events = new ArrayList<>();
    store.pull(
        NAME,
        registry,
        PullOptions.DEFAULT,
        event -> {
          synchronized (events) {
            events.add(event);
          }
        });
    assertThat(events.getFirst()).isInstanceOf(TransferEvent.Resolved.class);
    assertThat(events.getLast()).isInstanceOf(TransferEvent.Finished.class);
    for (Descriptor layer : image.layers()) {
      assertThat(events)
          .contains(
              new TransferEvent.Waiting(layer),
              new TransferEvent.Progress(layer, layer.size()),
              new TransferEvent.Transferred(layer),
              new TransferEvent.Complete(layer));
    }
  }
}
