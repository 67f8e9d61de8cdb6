package dev.coffer.image.registry.client;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How patient the client is, and where the host's settings are.
 *
 * @param system the root directory of the host's settings
 * @param connectTimeout how long connecting may take where nothing else is configured
 * @param stall how long nothing may come or go before a transfer has failed
 * @param helperLimit how long a credential helper may take
 * @param attempts how often a request is made at the last place where it can be
 * @param backOff the first pause between two attempts; it doubles each time
 * @param longestWait the longest pause that a registry may ask for
 */
public record RegistryOptions(
    Path system,
    Duration connectTimeout,
    Duration stall,
    Duration helperLimit,
    int attempts,
    Duration backOff,
    Duration longestWait) {

  /** Patient enough for a slow line, not for a dead one. */
  public static final RegistryOptions DEFAULT =
      new RegistryOptions(
          Path.of("/"),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          5,
          Duration.ofMillis(500),
          Duration.ofSeconds(60));
}
