package dev.coffer.image.registry.http;

import dev.coffer.kernel.BlockInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body as a stream that waits for the next byte only so long. A reader that is slow
 * slows the sender down: no more than a few buffers wait here.
 */
final class BodyStream extends BlockInput implements BodySubscriber<InputStream> {
  private static final int AHEAD = 4;

  private sealed interface Event {
    record Bytes(List<ByteBuffer> buffers) implements Event {}

    record Failure(Throwable cause) implements Event {}

    record End() implements Event {}
  }

  private final Duration stall;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
  private final Deque<ByteBuffer> ready = new ArrayDeque<>();
  private boolean ended;
  private boolean closed;

  BodyStream(Duration stall) {
    this.stall = stall;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (!subscribed.complete(subscription)) {
      subscription.cancel();
      return;
    }
    subscription.request(AHEAD);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event.Bytes(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event.Failure(failure));
  }

  @Override
  public void onComplete() {
    events.add(new Event.End());
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (closed) {
      throw new IOException("the body is closed");
    }
    if (length == 0) {
      return 0;
    }
    while (ready.isEmpty()) {
      if (ended) {
        return -1;
      }
      take();
    }
    ByteBuffer first = ready.element();
    int count = Math.min(length, first.remaining());
    first.get(bytes, from, count);
    if (!first.hasRemaining()) {
      ready.remove();
    }
    return count;
  }

  private void take() throws IOException {
    switch (next()) {
      case Event.Bytes(List<ByteBuffer> buffers) -> {
        buffers.stream().filter(ByteBuffer::hasRemaining).forEach(ready::add);
        subscribed.join().request(1);
      }
      case Event.Failure(Throwable cause) -> {
        ended = true;
        throw new IOException(Messages.of(cause), cause);
      }
      case Event.End() -> ended = true;
    }
  }

  private Event next() throws IOException {
    try {
      Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        close();
        throw new StalledException(stall);
      }
      return event;
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Ends the transfer. The connection survives only when everything has been read. */
  @Override
  public void close() {
    closed = true;
    if (!ended) {
      CompletableFuture<Void> ignored = subscribed.thenAccept(Flow.Subscription::cancel);
    }
    ready.clear();
  }
}
