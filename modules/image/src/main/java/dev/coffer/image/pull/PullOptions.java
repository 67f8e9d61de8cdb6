package dev.coffer.image.pull;

import dev.coffer.spec.image.Platform;
import java.util.Optional;

/**
 * What to pull of an index.
 *
 * @param platform what the image must run on; when empty, the best that this host runs
 * @param allPlatforms whether all that the index lists is wanted, artifacts beside images included
 */
public record PullOptions(Optional<Platform> platform, boolean allPlatforms) {

  /** What this host runs best. */
  public static final PullOptions DEFAULT = new PullOptions(Optional.empty(), false);

  /** The image for a platform; for this host when empty. */
  public static PullOptions of(Optional<Platform> platform) {
    return new PullOptions(platform, false);
  }
}
