package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.PartFile;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.kernel.library.Hashers;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A blob on its way into the store: pieces arrive side by side, a hasher follows their front, and
 * whoever wants to reads along. It goes on as long as somebody wants it.
 */
final class BlobDownload {
  private static final int CHUNK = 128 * 1024;

  private final Descriptor blob;
  private final RemoteRepository repository;
  private final PartFile file;
  private final Frontier frontier;
  private final boolean resumed;
  private final PullLimits limits;
  private final Consumer<BlobDownload> over;
  private final List<TransferListener> listeners = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger atWork = new AtomicInteger();
  private volatile boolean otherSender;

  private BlobDownload(
      Descriptor blob,
      RemoteRepository repository,
      PartFile file,
      long start,
      PullLimits limits,
      Consumer<BlobDownload> over) {
    this.blob = blob;
    this.repository = repository;
    this.file = file;
    this.resumed = start > 0;
    this.limits = limits;
    this.over = over;
    this.frontier = new Frontier(start, blob.size(), limits.rangeBytes());
  }

  /**
   * Starts one, from where an earlier one broke off.
   *
   * @param over told when it does not touch the blob's file any more
   */
  static BlobDownload start(
      Descriptor blob,
      RemoteRepository repository,
      PartFile file,
      PullLimits limits,
      TransferListener listener,
      Consumer<BlobDownload> over)
      throws IOException {
    long start = Math.min(file.contiguous(), blob.size());
    file.truncate(start);
    BlobDownload download = new BlobDownload(blob, repository, file, start, limits, over);
    download.listeners.add(listener);
    download.run();
    return download;
  }

  private void run() {
    int fetchers = Math.min(limits.ranges(), frontier.pieces());
    atWork.set(fetchers + 1);
    for (int i = 0; i < fetchers; i++) {
      threads.add(thread(this::fetch));
    }
    threads.add(thread(this::verify));
    threads.forEach(Thread::start);
  }

  private Thread thread(Step step) {
    return Thread.ofPlatform()
        .daemon()
        .name("coffer-download-" + blob.digest().shortHex())
        .unstarted(() -> guarded(step));
  }

  void tell(TransferListener listener) {
    listeners.add(listener);
  }

  /**
   * Whether its first bytes came from an earlier attempt, whose word is all that vouches for them.
   */
  boolean isResumed() {
    return resumed;
  }

  /** Whether its bytes were wrong, and another sender can be asked for them. */
  boolean hasOtherSender() {
    return otherSender;
  }

  /**
   * Reads it from the start, while it arrives.
   *
   * @throws IOException when it is over: what ended it, if it was not its being there
   */
  InputStream follow() throws IOException {
    try {
      return new FollowStream(file, frontier);
    } catch (IOException over) {
      // Who reads for others tells them whether it was given up, which is not their failure.
      throw frontier.causeOf(over);
    }
  }

  /** Waits until it is in the store. */
  void await() throws IOException, InterruptedException {
    frontier.awaitVerified();
  }

  /** Ends it; what has arrived stays for the next one. */
  void stop() {
    frontier.fail(new EndedException("the download of blob " + blob.digest() + " was stopped"));
    threads.forEach(Thread::interrupt);
  }

  /** Waits a little until nothing of it is at work any more. */
  void join(Duration patience) throws InterruptedException {
    for (Thread thread : threads) {
      boolean ignored = thread.join(patience);
    }
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void guarded(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      frontier.fail(e);
    } catch (InterruptedException e) {
      frontier.fail(Failures.interrupted(e));
    } catch (RuntimeException | Error e) {
      frontier.fail(new IOException("cannot download blob " + blob.digest(), e));
      throw e;
    } finally {
      if (atWork.decrementAndGet() == 0) {
        file.close();
        over.accept(this);
      }
    }
  }

  /** Whether it does not touch the blob's file any more. */
  boolean isOver() {
    return atWork.get() == 0;
  }

  private void fetch() throws IOException, InterruptedException {
    try (RandomAccessFile out = file.writer()) {
      PieceFetcher fetcher =
          new PieceFetcher(blob, repository, out, frontier, limits, this::tellAll);
      Optional<Frontier.Piece> piece = frontier.take();
      while (piece.isPresent()) {
        fetcher.fetch(piece.get());
        piece = frontier.take();
      }
    }
  }

  private void verify() throws IOException, InterruptedException {
    MessageDigest hasher = Hashers.of(blob.digest().algorithm());
    byte[] chunk = new byte[CHUNK];
    long position = 0;
    try (InputStream in = file.reader()) {
      while (position < blob.size()) {
        long front = frontier.awaitBeyond(position);
        while (position < front) {
          int count = in.read(chunk, 0, (int) Math.min(chunk.length, front - position));
          if (count <= 0) {
            throw new IOException("the file of blob " + blob.digest() + " was cut short");
          }
          hasher.update(chunk, 0, count);
          position += count;
        }
      }
    }
    Digest actual = blob.digest().algorithm().finish(hasher);
    if (!actual.equals(blob.digest())) {
      file.delete();
      otherSender = repository.distrust(blob.digest());
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "digest mismatch: blob %s of \"%s\" has the digest %s"
              .formatted(blob.digest(), repository.name(), actual));
    }
    file.publish();
    frontier.verified();
    tellAll(new TransferEvent.Transferred(blob));
  }

  /** One that cannot listen any more must not keep the others from the blob. */
  private void tellAll(TransferEvent event) {
    List<TransferListener> gone = new ArrayList<>();
    for (TransferListener listener : listeners) {
      try {
        listener.on(event);
      } catch (RuntimeException failed) {
        gone.add(listener);
      }
    }
    boolean ignored = listeners.removeAll(gone);
  }
}
