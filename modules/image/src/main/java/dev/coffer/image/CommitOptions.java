package dev.coffer.image;

import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How to make an image of another one and a layer on top.
 *
 * @param reference the name to give it
 * @param defaults how it wants to be run, before the changes
 * @param changes Dockerfile instructions to apply to that, such as {@code CMD ["sh"]}
 * @param author who makes it, or empty
 * @param message a remark for its history
 * @param createdBy the command that made the layer
 * @param created when it is said to be made; now when empty
 */
public record CommitOptions(
    Optional<Reference> reference,
    ContainerDefaults defaults,
    List<String> changes,
    String author,
    String message,
    String createdBy,
    Optional<Instant> created) {
  public CommitOptions {
    changes = List.copyOf(changes);
  }
}
