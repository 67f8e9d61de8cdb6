package dev.coffer.image.pull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far a blob has arrived: in pieces that are fetched side by side, of which the bytes up to the
 * first gap can be read. Any number of threads may call.
 */
final class Frontier {
  /** A piece that somebody fetches; its position is changed by that thread, under the lock. */
  static final class Piece {
    private final long end;
    private long position;

    private Piece(long start, long end) {
      this.position = start;
      this.end = end;
    }
  }

  private static final int MAX_PIECES = 4096;

  private final long size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Piece> pieces = new ArrayList<>();
  private int next;
  private boolean whole;
  private boolean verified;
  private IOException failure;

  /**
   * @param start how much is there already
   * @param size of the blob
   * @param pieceBytes size of a piece; the last may be half as large again, so that none is tiny
   */
  Frontier(long start, long size, long pieceBytes) {
    this.size = size;
    // A size is a stranger's word: what is noted of the pieces stays small whatever it is.
    long most = Math.max(pieceBytes, (size - start) / MAX_PIECES);
    long at = start;
    while (at < size) {
      long end = size - at < most + most / 2 ? size : at + most;
      pieces.add(new Piece(at, end));
      at = end;
    }
  }

  long size() {
    return size;
  }

  int pieces() {
    return pieces.size();
  }

  /** The next piece that nobody fetches yet. */
  Optional<Piece> take() {
    lock.lock();
    try {
      return next < pieces.size() && failure == null
          ? Optional.of(pieces.get(next++))
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  long position(Piece piece) {
    lock.lock();
    try {
      return piece.position;
    } finally {
      lock.unlock();
    }
  }

  long end(Piece piece) {
    lock.lock();
    try {
      // A sender that knows no pieces is asked once, from the front to the end.
      return whole && piece == pieces.getFirst() ? size : piece.end;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a piece need not be fetched any more, because the first one goes to the end. */
  boolean isDropped(Piece piece) {
    lock.lock();
    try {
      return failure != null || (whole && piece != pieces.getFirst());
    } finally {
      lock.unlock();
    }
  }

  /** The sender knows no pieces: the first that is not whole goes on to the end. */
  void fetchWhole() {
    lock.lock();
    try {
      if (!whole) {
        while (pieces.size() > 1 && pieces.getFirst().position == pieces.getFirst().end) {
          pieces.removeFirst();
        }
        pieces.subList(1, pieces.size()).clear();
        next = 1;
        whole = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes bytes that were written at a piece's position. */
  void advance(Piece piece, long bytes) {
    lock.lock();
    try {
      piece.position += bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are there, before and behind gaps. */
  long arrived() {
    lock.lock();
    try {
      long missing = 0;
      for (Piece piece : pieces) {
        missing += piece.end - Math.min(piece.position, piece.end);
      }
      return whole ? front() : size - missing;
    } finally {
      lock.unlock();
    }
  }

  /** The first byte that is not there. */
  long front() {
    lock.lock();
    try {
      for (Piece piece : pieces) {
        if (piece.position < piece.end || (whole && piece.position < size)) {
          return piece.position;
        }
      }
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for bytes behind a position.
   *
   * @return the first byte that is not there, larger than {@code position}
   * @throws IOException when no more will come, and why
   */
  long awaitBeyond(long position) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure == null && front() <= position) {
        changed.await();
      }
      if (failure != null) {
        throw Failures.again(failure);
      }
      return front();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a while, or until no more is wanted. */
  void pause(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (failure == null && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All bytes are there and have the digest. */
  void verified() {
    lock.lock();
    try {
      verified = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more will come; only the first cause counts. */
  void fail(IOException cause) {
    lock.lock();
    try {
      if (failure == null && !verified) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why no more will come, or the same where that is not what it comes from. */
  IOException causeOf(IOException consequence) {
    lock.lock();
    try {
      return failure == null ? consequence : Failures.again(failure);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all bytes are there and have the digest. */
  void awaitVerified() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure == null && !verified) {
        changed.await();
      }
      if (!verified) {
        throw Failures.again(failure);
      }
    } finally {
      lock.unlock();
    }
  }
}
