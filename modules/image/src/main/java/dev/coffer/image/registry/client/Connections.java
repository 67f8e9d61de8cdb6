package dev.coffer.image.registry.client;

import dev.coffer.image.registry.auth.Authorizer;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.http.Http;
import dev.coffer.image.registry.http.HttpClients;
import dev.coffer.kernel.Spawner;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What all repositories of one engine share and keep warm. */
final class Connections implements AutoCloseable {
  /** How long a mirror that has failed is passed by. */
  private static final Duration AVOIDED = Duration.ofSeconds(30);

  private final RegistryOptions options;
  private final Spawner spawner;
  private final HttpClients clients;
  private final Authorizer authorizer = new Authorizer(Clock.systemUTC());
  private final Http http;
  private final Map<URI, String> schemes = new ConcurrentHashMap<>();
  private final Map<URI, Instant> avoided = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  Connections(RegistryOptions options, Spawner spawner) {
    this.options = options;
    this.spawner = spawner;
    this.clients = new HttpClients(options.system());
    this.http = new Http(options.stall());
  }

  RegistryOptions options() {
    return options;
  }

  Spawner spawner() {
    return spawner;
  }

  HttpClients clients() {
    return clients;
  }

  Authorizer authorizer() {
    return authorizer;
  }

  Http http() {
    return http;
  }

  /** The scheme that a host was found to speak, by its API's root. */
  Map<URI, String> schemes() {
    return schemes;
  }

  /** Passes a mirror by for a while. */
  void avoid(Endpoint endpoint) {
    avoided.put(endpoint.root(), Instant.now().plus(AVOIDED));
  }

  boolean isAvoided(Endpoint endpoint) {
    Instant until = avoided.get(endpoint.root());
    return until != null && Instant.now().isBefore(until);
  }

  /** Waits, unless the engine closes. */
  void pause(Duration time) throws IOException {
    try {
      if (closed.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new InterruptedIOException("the engine is closing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    closed.countDown();
    clients.close();
  }
}
