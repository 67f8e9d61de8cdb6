package dev.coffer.image.copy;

import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Copies blobs, several at once. */
final class BlobCopies {
  private static final int AT_ONCE = 6;

  private final ImageSource source;
  private final ImageDestination destination;
  private final TransferListener listener;

  private BlobCopies(ImageSource source, ImageDestination destination, TransferListener listener) {
    this.source = source;
    this.destination = destination;
    this.listener = listener;
  }

  /**
   * Copies all, or fails with the first failure after the others have stopped. An interrupt of the
   * calling thread ends it.
   */
  static void run(
      List<Descriptor> blobs,
      ImageSource source,
      ImageDestination destination,
      TransferListener listener)
      throws IOException {
    BlobCopies copies = new BlobCopies(source, destination, listener);
    blobs.forEach(blob -> listener.on(new TransferEvent.Waiting(blob)));
    try (ExecutorService pool =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("blob-", 0).factory())) {
      CompletionService<Void> running = new ExecutorCompletionService<>(pool);
      List<Future<Void>> futures = new ArrayList<>();
      for (Descriptor blob : blobs) {
        futures.add(running.submit(() -> copies.copy(blob)));
      }
      try {
        for (Future<Void> _ : futures) {
          running.take().get();
        }
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
        throw (IOException) new InterruptedIOException("the copy was interrupted").initCause(e);
      } catch (ExecutionException e) {
        pool.shutdownNow();
        throw failure(e.getCause());
      }
    }
  }

  private static IOException failure(Throwable cause) {
    return switch (cause) {
      case IOException io -> io;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }

  private Void copy(Descriptor blob) throws IOException {
    Optional<ImageDestination.Reuse> reuse = destination.reuse(blob, source.origins(blob.digest()));
    if (reuse.isPresent()) {
      listener.on(
          switch (reuse.get()) {
            case ImageDestination.Reuse.Present _ -> new TransferEvent.Exists(blob);
            case ImageDestination.Reuse.Mounted(String from) ->
                new TransferEvent.Mounted(blob, from);
          });
    } else {
      destination.put(blob, content(blob));
      listener.on(new TransferEvent.Complete(blob));
    }
    return null;
  }

  private BlobContent content(Descriptor blob) {
    // Hashing is most of a copy's work: once is enough.
    boolean trusted = source.isVerified() || destination.verifies();
    return offset -> {
      InputStream in = source.blob(blob, offset);
      LongConsumer read = count -> listener.on(new TransferEvent.Progress(blob, count));
      // The rest of a blob whose beginning has gone before cannot be verified by itself.
      return trusted || offset > 0
          ? new CountedStream(source.name(), blob, in, offset, read)
          : VerifiedStream.of(source.name(), blob, in, read);
    };
  }
}
