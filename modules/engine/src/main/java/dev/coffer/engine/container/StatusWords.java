package dev.coffer.engine.container;

import dev.coffer.engine.state.ContainerState;
import java.time.Duration;
import java.time.Instant;

/**
 * A container's state in the words of {@code docker ps}: {@code Up 3 minutes}, {@code Exited (0) 2
 * hours ago}. The steps of the durations are those that Docker's users know.
 */
public final class StatusWords {

  private StatusWords() {}

  /** The status column at a moment. */
  public static String of(ContainerState state, Instant now) {
    String up = "Up " + since(state.startedAt().orElse(now), now);
    String ago = since(state.finishedAt().orElse(now), now) + " ago";
    return switch (state.status()) {
      case CREATED -> "Created";
      case RUNNING -> up;
      case PAUSED -> up + " (Paused)";
      case RESTARTING -> "Restarting (" + state.exitCode() + ") " + ago;
      case REMOVING -> "Removal In Progress";
      case EXITED -> "Exited (" + state.exitCode() + ") " + ago;
      case DEAD -> "Dead";
    };
  }

  /** The time between two moments, roughly and in words. */
  public static String since(Instant from, Instant to) {
    Duration duration = Duration.between(from, to);
    long seconds = duration.toSeconds();
    long minutes = duration.toMinutes();
    long hours = duration.plusMinutes(30).toHours();
    if (seconds < 1) {
      return "Less than a second";
    } else if (seconds < 60) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    } else if (minutes < 60) {
      return minutes == 1 ? "About a minute" : minutes + " minutes";
    } else if (hours < 48) {
      return hours <= 1 ? "About an hour" : hours + " hours";
    } else if (hours < 24 * 14) {
      return hours / 24 + " days";
    } else if (hours < 24 * 60) {
      return hours / 24 / 7 + " weeks";
    } else if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    } else {
      return hours / 24 / 365 + " years";
    }
  }
}
