package dev.coffer.spec.image;

import java.time.Duration;
import java.util.List;

/**
 * How to find out whether a container still works. A duration of zero and zero retries mean
 * Docker's default.
 *
 * <p>Source: Docker image specification v1.2, "Healthcheck".
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
}
