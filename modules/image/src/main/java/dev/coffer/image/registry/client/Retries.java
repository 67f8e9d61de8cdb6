package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Asks again after failures that may pass: no connection, 429, and some of the 5xx. */
final class Retries {
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  private final Connections connections;

  Retries(Connections connections) {
    this.connections = connections;
  }

  /** Whether a status may be another one soon. */
  static boolean mayPass(int status) {
    return PASSING.contains(status);
  }

  /**
   * Asks until there is an answer that will not change, or the attempts are used up; then the last
   * answer, or the last failure.
   */
  Answer send(EndpointSession session, Call call, int attempts) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Optional<Duration> wished = Optional.empty();
      try {
        Answer answer = session.send(call);
        if (attempt >= attempts || !mayPass(answer.status())) {
          return answer;
        }
        wished = retryAfter(answer);
        if (wished.filter(wait -> wait.compareTo(longest()) > 0).isPresent()) {
          return answer;
        }
        answer.close();
      } catch (ImageException | InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        if (attempt >= attempts || Messages.isUnknownHost(e)) {
          throw e;
        }
      }
      connections.pause(wished.orElse(backOff(attempt)));
    }
  }

  private Duration longest() {
    return connections.options().longestWait();
  }

  /** Doubling, with jitter so that many clients do not come back at once. */
  Duration backOff(int attempt) {
    Duration full = connections.options().backOff().multipliedBy(1L << Math.min(attempt - 1, 5));
    long nanos = Math.max(full.toNanos(), 2);
    return Duration.ofNanos(nanos / 2 + RandomGenerator.getDefault().nextLong(nanos / 2));
  }

  /** Source: RFC 9110 section 10.2.3. */
  static Optional<Duration> retryAfter(Answer answer) {
    Optional<String> text = answer.header("Retry-After");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String value = text.get().strip();
    if (value.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), at);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
