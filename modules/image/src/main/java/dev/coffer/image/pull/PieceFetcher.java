package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.RemoteRepository;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;

/**
 * Fetches pieces of one blob into its file, again and again from where a sender broke off. For use
 * by one thread.
 */
final class PieceFetcher {
  private static final int CHUNK = 128 * 1024;

  private final Descriptor blob;
  private final RemoteRepository repository;
  private final RandomAccessFile file;
  private final Frontier frontier;
  private final PullLimits limits;
  private final TransferListener listener;
  private final byte[] chunk = new byte[CHUNK];

  PieceFetcher(
      Descriptor blob,
      RemoteRepository repository,
      RandomAccessFile file,
      Frontier frontier,
      PullLimits limits,
      TransferListener listener) {
    this.blob = blob;
    this.repository = repository;
    this.file = file;
    this.frontier = frontier;
    this.limits = limits;
    this.listener = listener;
  }

  /**
   * Fetches a piece to its end.
   *
   * @throws ImageException when the sender has been patient with for long enough
   */
  void fetch(Frontier.Piece piece) throws IOException, InterruptedException {
    int fruitless = 0;
    while (!frontier.isDropped(piece) && frontier.position(piece) < frontier.end(piece)) {
      long before = frontier.position(piece);
      IOException broken = attempt(piece);
      if (broken != null) {
        boolean useful = frontier.position(piece) - before >= limits.leastBytes();
        fruitless = useful ? 1 : fruitless + 1;
        if (fruitless >= limits.attempts()) {
          throw new ImageException(
              Kind.UNAVAILABLE,
              "cannot download blob %s of \"%s\": %s (given up after %d attempts)"
                  .formatted(blob.digest(), repository.name(), broken.getMessage(), fruitless),
              broken);
        }
        listener.on(new TransferEvent.Retrying(blob, String.valueOf(broken.getMessage())));
        frontier.pause(limits.pause(fruitless));
      }
    }
  }

  /** One request; what broke it off, or null when it is not to be blamed for what is missing. */
  private IOException attempt(Frontier.Piece piece) throws IOException {
    long position = frontier.position(piece);
    try (BlobBody body = repository.blob(blob, position, frontier.end(piece) - position)) {
      if (body.offset() != position) {
        return fromTheStart(piece, body);
      }
      return copy(piece, body);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (ImageException e) {
      // The client has tried again already, and knows what is worth it.
      if (e.kind() != Kind.UNAVAILABLE && e.kind() != Kind.TRUNCATED) {
        throw e;
      }
      return e;
    } catch (IOException e) {
      return e;
    }
  }

  /** The sender knows no pieces, so what is there already is passed over. */
  private IOException fromTheStart(Frontier.Piece piece, BlobBody body) throws IOException {
    frontier.fetchWhole();
    if (frontier.isDropped(piece)) {
      return null;
    }
    long skip = frontier.position(piece) - body.offset();
    while (skip > 0) {
      int count = body.bytes().read(chunk, 0, (int) Math.min(chunk.length, skip));
      if (count < 0) {
        return shortened(body, frontier.position(piece) - skip);
      }
      skip -= count;
    }
    return copy(piece, body);
  }

  private IOException copy(Frontier.Piece piece, BlobBody body) throws IOException {
    long end = frontier.end(piece);
    long position = frontier.position(piece);
    file.seek(position);
    long since = System.nanoTime();
    long mark = position;
    while (position < end && !frontier.isDropped(piece)) {
      int count = body.bytes().read(chunk, 0, (int) Math.min(chunk.length, end - position));
      if (count < 0) {
        return shortened(body, position);
      }
      write(count);
      frontier.advance(piece, count);
      position += count;
      listener.on(new TransferEvent.Progress(blob, frontier.arrived()));
      if (System.nanoTime() - since > limits.slowest().toNanos()) {
        if (position - mark < limits.slowBytes()) {
          return tooSlow(body, position - mark);
        }
        since = System.nanoTime();
        mark = position;
      }
    }
    return null;
  }

  /** A full disk is no fault of the sender's, and asking that again would not help. */
  private void write(int count) throws ImageException {
    try {
      file.write(chunk, 0, count);
    } catch (IOException e) {
      throw new ImageException(
          Kind.HOST, "cannot store blob %s: %s".formatted(blob.digest(), e.getMessage()), e);
    }
  }

  private IOException tooSlow(BlobBody body, long bytes) {
    return new ImageException(
        Kind.UNAVAILABLE,
        "%s sent no more than %d bytes in %d s"
            .formatted(body.host(), bytes, limits.slowest().toSeconds()));
  }

  private IOException shortened(BlobBody body, long position) {
    return new ImageException(
        Kind.TRUNCATED,
        "%s ended after %d of %d bytes".formatted(body.host(), position, blob.size()));
  }
}
