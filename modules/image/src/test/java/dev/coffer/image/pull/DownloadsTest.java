package dev.coffer.image.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.testkit.WaitFor;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DownloadsTest {
  private final ImageBuilder image =
      ImageBuilder.of(Packing.GZIP, new TarBuilder().file("a", "one").build());
  private final FaultyRepository registry = new FaultyRepository("1", image.layout("1"));
  private final Descriptor blob = image.layers().getFirst();
  private final AtomicInteger senders = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void oneThatWasStoppedEndsBeforeTheNextOfItsBlobBegins(@TempDir Path root) throws Exception {
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    registry.sendBy(
        blob.digest(),
        (which, bytes, offset, length) -> {
          most.accumulateAndGet(senders.incrementAndGet(), Math::max);
          sending.countDown();
          awaitDeaf(released);
          senders.decrementAndGet();
          return FaultyRepository.HONEST.send(which, bytes, offset, length);
        });
    ContentStore content = ContentStore.open(root);
    try (Downloads downloads = new Downloads(content, PullLimits.DEFAULT)) {
      try (var _ = downloads.want(blob, registry, TransferListener.NONE).orElseThrow()) {
        sending.await();
      }
      FutureTask<Downloads.Share> next =
          new FutureTask<>(
              () -> downloads.want(blob, registry, TransferListener.NONE).orElseThrow());
      Thread asking = Thread.ofPlatform().start(next);
      WaitFor.condition(
          "the next waits, or sends beside the first",
          Duration.ofSeconds(20),
          () -> asking.getState() == Thread.State.WAITING || senders.get() > 1);
      released.countDown();
      try (Downloads.Share share = next.get()) {
        share.await();
      }
    }
    assertThat(content.has(blob.digest())).isTrue();
    assertThat(most).hasValue(1);
  }

  @Test
  void whoFollowsOneThatWasStoppedIsToldThat(@TempDir Path root) throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    registry.sendBy(
        blob.digest(),
        (which, bytes, offset, length) -> {
          awaitDeaf(released);
          return FaultyRepository.HONEST.send(which, bytes, offset, length);
        });
    BlobDownload download =
        BlobDownload.start(
            blob,
            registry,
            ContentStore.open(root).part(blob.digest()),
            PullLimits.DEFAULT,
            TransferListener.NONE,
            _ -> over.countDown());
    download.stop();
    released.countDown();
    over.await();
    assertThatThrownBy(download::follow).matches(EndedException::isCauseOf);
  }

  /** Somebody who cannot be interrupted, as a slow disk cannot. */
  private static void awaitDeaf(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException again) {
        // Deaf.
      }
    }
  }
}
