package dev.coffer.image.pull;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs that arrive in one store, each once, however many pulls want it. The first to want one
 * has it fetched from its registry; it is stopped when nobody wants it any more.
 */
public final class Downloads implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ContentStore content;
  private final PullLimits limits;
  private final Map<Digest, Shared> active = new HashMap<>();

  /** Those that nobody wants any more, and that may still write into their blobs' files. */
  private final Map<Digest, BlobDownload> ending = new HashMap<>();

  private static final class Shared {
    private final BlobDownload download;
    private int users = 1;

    Shared(BlobDownload download) {
      this.download = download;
    }
  }

  /** Downloads into this store. */
  public Downloads(ContentStore content, PullLimits limits) {
    this.content = content;
    this.limits = limits;
  }

  PullLimits limits() {
    return limits;
  }

  /** A share in a download; closing it says that the blob is not wanted any more, or is there. */
  final class Share implements AutoCloseable {
    private final Digest digest;
    private final Shared shared;
    private boolean closed;

    private Share(Digest digest, Shared shared) {
      this.digest = digest;
      this.shared = shared;
    }

    /** Waits until the blob is in the store. */
    void await() throws IOException, InterruptedException {
      shared.download.await();
    }

    boolean isResumed() {
      return shared.download.isResumed();
    }

    boolean hasOtherSender() {
      return shared.download.hasOtherSender();
    }

    /** Reads the blob from the start, while it arrives or when it is there. */
    InputStream open() throws IOException {
      if (!content.has(digest)) {
        try {
          return shared.download.follow();
        } catch (IOException arrivedMeanwhile) {
          if (!content.has(digest)) {
            throw arrivedMeanwhile;
          }
        }
      }
      return content.open(digest);
    }

    @Override
    public void close() {
      synchronized (active) {
        if (!closed) {
          closed = true;
          leave(digest, shared);
        }
      }
    }
  }

  /**
   * Has a blob arrive; nothing happens when it is there already. Where an earlier download of it
   * was stopped a moment ago, waits until that has ended.
   *
   * @return empty when it is there
   */
  Optional<Share> want(Descriptor blob, RemoteRepository repository, TransferListener listener)
      throws IOException, InterruptedException {
    synchronized (active) {
      awaitEnding(blob.digest());
      Shared shared = active.get(blob.digest());
      if (shared != null) {
        shared.users++;
        shared.download.tell(listener);
      } else {
        if (content.has(blob.digest())) {
          return Optional.empty();
        }
        shared =
            new Shared(
                BlobDownload.start(
                    blob,
                    repository,
                    content.part(blob.digest()),
                    limits,
                    listener,
                    download -> over(blob.digest(), download)));
        active.put(blob.digest(), shared);
      }
      return Optional.of(new Share(blob.digest(), shared));
    }
  }

  /** Two may not write into one file: the slower would find its bytes moved, or cut off. */
  private void awaitEnding(Digest digest) throws InterruptedException {
    while (ending.containsKey(digest)) {
      active.wait();
    }
  }

  private void over(Digest digest, BlobDownload download) {
    synchronized (active) {
      ending.remove(digest, download);
      active.notifyAll();
    }
  }

  /** Whether nothing arrives. */
  public boolean isIdle() {
    synchronized (active) {
      return active.isEmpty();
    }
  }

  /** Has one blob arrive and waits until it is there. An interrupt ends it. */
  public void fetch(Descriptor blob, RemoteRepository repository) throws IOException {
    try {
      Optional<Share> share = want(blob, repository, TransferListener.NONE);
      if (share.isPresent()) {
        try (Share arriving = share.get()) {
          arriving.await();
        }
      }
    } catch (InterruptedException e) {
      throw Failures.interrupted(e);
    }
  }

  private void leave(Digest digest, Shared shared) {
    shared.users--;
    if (shared.users == 0) {
      active.remove(digest);
      if (!shared.download.isOver()) {
        ending.put(digest, shared.download);
      }
      shared.download.stop();
    }
  }

  /** Stops all. */
  @Override
  public void close() {
    List<Shared> all;
    synchronized (active) {
      all = List.copyOf(active.values());
      active.clear();
    }
    all.forEach(shared -> shared.download.stop());
    try {
      for (Shared shared : all) {
        shared.download.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
