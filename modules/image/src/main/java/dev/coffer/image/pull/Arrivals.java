package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The blobs of one image on their way: a few at once, in the order in which they are needed. One
 * thread feeds it; any number may open what arrives.
 */
final class Arrivals implements AutoCloseable {
  private final RemoteRepository repository;
  private final Downloads downloads;
  private final ContentStore content;
  private final TransferListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Digest, Downloads.Share> shares = new HashMap<>();
  private final Set<Digest> outstanding = new HashSet<>();
  private final Thread feeder;
  private IOException failure;
  private boolean resumed;
  private boolean closed;

  Arrivals(
      List<Descriptor> blobs,
      RemoteRepository repository,
      Downloads downloads,
      ContentStore content,
      TransferListener listener) {
    this.repository = repository;
    this.downloads = downloads;
    this.content = content;
    this.listener = listener;
    Deque<Descriptor> queue = new ArrayDeque<>();
    for (Descriptor blob : blobs) {
      if (outstanding.add(blob.digest())) {
        queue.add(blob);
        listener.on(new TransferEvent.Waiting(blob));
      }
    }
    feeder = Thread.ofPlatform().daemon().name("coffer-pull").start(() -> feed(queue));
  }

  /** Starts blobs, at most so many ahead of the one that is waited for. */
  private void feed(Deque<Descriptor> queue) {
    Deque<Descriptor> underWay = new ArrayDeque<>();
    try {
      while (!queue.isEmpty() || !underWay.isEmpty()) {
        while (!queue.isEmpty() && underWay.size() < downloads.limits().downloads()) {
          Descriptor blob = queue.poll();
          start(blob);
          underWay.add(blob);
        }
        finish(underWay.poll());
      }
    } catch (IOException e) {
      fail(e);
    } catch (InterruptedException closing) {
      // Another pull may have joined the unpacking; for that one this is an end, and no failure.
      fail(new EndedException("the pull has ended"));
    } catch (RuntimeException e) {
      fail(new IOException("cannot download from \"" + repository.name() + "\"", e));
    }
  }

  private void start(Descriptor blob) throws IOException, InterruptedException {
    Optional<Downloads.Share> share = downloads.want(blob, repository, listener);
    if (share.isEmpty()) {
      listener.on(new TransferEvent.Exists(blob));
    }
    lock.lock();
    try {
      if (share.isPresent()) {
        resumed |= share.get().isResumed();
        if (closed) {
          share.get().close();
        } else {
          shares.put(blob.digest(), share.get());
        }
      } else {
        outstanding.remove(blob.digest());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void finish(Descriptor blob) throws IOException, InterruptedException {
    Downloads.Share share;
    lock.lock();
    try {
      share = shares.get(blob.digest());
    } finally {
      lock.unlock();
    }
    if (share != null) {
      share.await();
      lock.lock();
      try {
        outstanding.remove(blob.digest());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void fail(IOException cause) {
    lock.lock();
    try {
      failure = failure == null ? cause : failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Opens a blob: waits for its turn, not for its end. */
  InputStream open(Digest blob) throws IOException {
    Downloads.Share share;
    lock.lock();
    try {
      while (failure == null
          && !closed
          && outstanding.contains(blob)
          && !shares.containsKey(blob)) {
        changed.await();
      }
      if (closed || failure != null) {
        throw failure == null ? new EndedException("the pull has ended") : Failures.again(failure);
      }
      share = shares.get(blob);
    } catch (InterruptedException e) {
      throw Failures.interrupted(e);
    } finally {
      lock.unlock();
    }
    return share == null ? content.open(blob) : share.open();
  }

  /** Waits until all are in the store. */
  void awaitAll() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure == null && !outstanding.isEmpty()) {
        changed.await();
      }
      if (failure != null) {
        throw Failures.again(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The download's own failure, if that is what made unpacking fail. */
  IOException cause(IOException unpacking) {
    lock.lock();
    try {
      return failure == null ? unpacking : Failures.again(failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether another attempt may do better: a mirror has sent wrong bytes, and another sender can be
   * asked; bytes that an earlier pull had left were damaged, and are gone now, or another pull has
   * given up what this one had joined.
   */
  boolean isWorthAnother(IOException unpacking) {
    lock.lock();
    try {
      IOException first = failure == null ? unpacking : failure;
      boolean other = shares.values().stream().anyMatch(Downloads.Share::hasOtherSender);
      boolean damaged =
          (resumed || other)
              && first instanceof ImageException image
              && image.kind() == Kind.DIGEST_MISMATCH;
      return damaged || EndedException.isCauseOf(first);
    } finally {
      lock.unlock();
    }
  }

  /** What is not there yet is not wanted any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      shares.values().forEach(Downloads.Share::close);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    feeder.interrupt();
  }
}
