package dev.coffer.image;

import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How to make an image of a root file system's archive.
 *
 * @param reference the name to give it
 * @param changes Dockerfile instructions to apply to its config, such as {@code CMD ["sh"]}
 * @param message a remark for its history
 * @param platform what it runs on; the host's when empty
 * @param created when it is said to be made; now when empty
 * @param compress whether the archive is kept as gzip, where it comes plain
 */
public record ImportOptions(
    Optional<Reference> reference,
    List<String> changes,
    String message,
    Optional<Platform> platform,
    Optional<Instant> created,
    boolean compress) {
  public ImportOptions {
    changes = List.copyOf(changes);
  }

  /** An archive that is kept as it comes, as an image that is made now. */
  public static ImportOptions of(
      Optional<Reference> reference,
      List<String> changes,
      String message,
      Optional<Platform> platform) {
    return new ImportOptions(reference, changes, message, platform, Optional.empty(), false);
  }
}
