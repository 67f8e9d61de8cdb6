package dev.coffer.engine.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How to make an image of a container.
 *
 * @param reference the image's name; empty for none
 * @param author who makes it, or empty
 * @param message a remark for its history, or empty
 * @param changes Dockerfile instructions to apply to its config
 * @param pause whether a running container is paused meanwhile
 * @param timestamp when it is said to be made, and no file of its layer later; empty: now
 */
public record CommitRequest(
    Optional<String> reference,
    String author,
    String message,
    List<String> changes,
    boolean pause,
    Optional<Instant> timestamp) {
  public CommitRequest {
    changes = List.copyOf(changes);
  }
}
