package dev.coffer.engine.state;

import java.util.Locale;
import java.util.Optional;

/** Where in its life a container is; the names are Docker's. */
public enum Status {
  /** Made, never started. */
  CREATED,
  /** Its first process runs. */
  RUNNING,
  /** Its processes are frozen. */
  PAUSED,
  /** It ended and its restart policy waits to start it again. */
  RESTARTING,
  /** It is being removed. */
  REMOVING,
  /** It ended. */
  EXITED,
  /** Its removal failed half-way; only removing it again is possible. */
  DEAD;

  /** The word that {@code ps} and {@code inspect} show. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status that a filter's value names. */
  public static Optional<Status> ofWord(String word) {
    for (Status status : values()) {
      if (status.word().equals(word)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /** Whether it is meant to be alive: a first process exists, or soon will again. */
  public boolean isUp() {
    return isAlive() || this == RESTARTING;
  }

  /** Whether a first process exists. */
  public boolean isAlive() {
    return this == RUNNING || this == PAUSED;
  }
}
