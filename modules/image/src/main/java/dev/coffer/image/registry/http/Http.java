package dev.coffer.image.registry.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Sends one request and waits for the head of its answer, as long as anything moves. */
public final class Http {
  /** A registry that has everything may still have to check and store it. */
  private static final int ANSWER_TO_UPLOAD = 5;

  private final Duration stall;

  /**
   * Sends and waits.
   *
   * @param stall how long to wait while nothing comes or goes
   */
  public Http(Duration stall) {
    this.stall = stall;
  }

  /** As this, but less patient. */
  public Http within(Duration limit) {
    return limit.compareTo(stall) < 0 ? new Http(limit) : this;
  }

  /**
   * Sends a request. No redirect is followed.
   *
   * @throws IOException when no answer came; interrupted, an {@link InterruptedIOException}
   */
  public Answer send(HttpClient client, ProxyChoice proxies, Request request) throws IOException {
    AtomicLong sent = new AtomicLong();
    try {
      CompletableFuture<HttpResponse<InputStream>> answer =
          client.sendAsync(
              build(proxies.to(request.uri()), request, sent), head -> new BodyStream(stall));
      return Answer.of(await(answer, sent, request.content().isPresent()));
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IOException(Messages.of(e), e);
    }
  }

  private static HttpRequest build(
      Optional<ProxyChoice.Proxy> proxy, Request request, AtomicLong sent) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
    // In the clear there is nothing to negotiate with, and some servers choke on the attempt.
    builder.version(
        request.uri().getScheme().equals("https")
            ? HttpClient.Version.HTTP_2
            : HttpClient.Version.HTTP_1_1);
    request.headers().forEach(builder::setHeader);
    proxy
        .flatMap(ProxyChoice.Proxy::authorization)
        .ifPresent(value -> builder.setHeader("Proxy-Authorization", value));
    BodyPublisher body =
        request.content().map(content -> publisher(content, sent)).orElse(none(request.method()));
    return builder.method(request.method(), body).build();
  }

  /** A body of length 0 is announced where servers expect one. */
  private static BodyPublisher none(String method) {
    return method.equals("POST") || method.equals("PUT") || method.equals("PATCH")
        ? BodyPublishers.ofByteArray(new byte[0])
        : BodyPublishers.noBody();
  }

  private static BodyPublisher publisher(Request.Content content, AtomicLong sent) {
    return content.length() == 0
        ? BodyPublishers.ofByteArray(new byte[0])
        : BodyPublishers.fromPublisher(
            BodyPublishers.ofInputStream(() -> counted(content, sent)), content.length());
  }

  private static InputStream counted(Request.Content content, AtomicLong sent) {
    try {
      return new FilterInputStream(content.open()) {
        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int count = super.read(bytes, from, length);
          sent.addAndGet(Math.max(count, 0));
          return count;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer, AtomicLong sent, boolean uploads)
      throws IOException {
    int patience = uploads ? ANSWER_TO_UPLOAD : 1;
    long before = -1;
    int idle = 0;
    while (true) {
      try {
        return answer.get(stall.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long now = sent.get();
        idle = now == before || !uploads ? idle + 1 : 0;
        before = now;
        if (idle >= patience) {
          answer.cancel(true);
          throw new StalledException(stall.multipliedBy(patience));
        }
      } catch (InterruptedException e) {
        answer.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException cause
            ? cause
            : new IOException(Messages.of(e.getCause()), e.getCause());
      }
    }
  }
}
