package dev.coffer.image;

import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.util.List;
import java.util.Optional;

/**
 * How to make an image of a root file system's archive.
 *
 * @param reference the name to give it
 * @param changes Dockerfile instructions to apply to its config, such as {@code CMD ["sh"]}
 * @param message a remark for its history
 * @param platform what it runs on; the host's when empty
 */
public record ImportOptions(
    Optional<Reference> reference,
    List<String> changes,
    String message,
    Optional<Platform> platform) {
  public ImportOptions {
    changes = List.copyOf(changes);
  }
}
