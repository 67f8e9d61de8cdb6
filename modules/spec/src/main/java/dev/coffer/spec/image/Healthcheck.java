package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.time.Duration;
import java.util.List;

/**
 * How to find out whether a container still works. A duration of zero and zero retries mean
 * Docker's default.
 *
 * <p>Source: Docker image specification v1.2, "Healthcheck"; durations are nanoseconds there.
 *
 * @param test {@code NONE}, or {@code CMD} and arguments, or {@code CMD-SHELL} and one command line
 * @param interval time between two checks
 * @param timeout time after which a check counts as failed
 * @param startPeriod time after the start in which failures do not count
 * @param startInterval time between two checks within the start period
 * @param retries failures in a row that make a container unhealthy
 */
public record Healthcheck(
    List<String> test,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {
  public Healthcheck {
    test = List.copyOf(test);
  }

  /** Reads a health check. */
  public static Healthcheck read(JsonCursor at) {
    return new Healthcheck(
        at.field("Test").list(JsonCursor::string),
        duration(at.field("Interval")),
        duration(at.field("Timeout")),
        duration(at.field("StartPeriod")),
        duration(at.field("StartInterval")),
        at.field("Retries").orElse(JsonCursor::int32, 0));
  }

  /** This health check as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .putUnlessEmpty("Test", JsonValue.ofStrings(test))
        .putUnlessEmpty("Interval", JsonValue.of(interval.toNanos()))
        .putUnlessEmpty("Timeout", JsonValue.of(timeout.toNanos()))
        .putUnlessEmpty("StartPeriod", JsonValue.of(startPeriod.toNanos()))
        .putUnlessEmpty("StartInterval", JsonValue.of(startInterval.toNanos()))
        .putUnlessEmpty("Retries", JsonValue.of(retries))
        .build();
  }

  private static Duration duration(JsonCursor at) {
    return Duration.ofNanos(at.orElse(JsonCursor::int64, 0L));
  }
}
