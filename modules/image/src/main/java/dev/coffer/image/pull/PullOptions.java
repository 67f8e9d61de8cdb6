package dev.coffer.image.pull;

import dev.coffer.spec.image.Platform;
import java.util.Optional;

/**
 * What to pull of an index.
 *
 * @param platform what the image must run on; when empty, the best that this host runs
 */
public record PullOptions(Optional<Platform> platform) {

  /** What this host runs best. */
  public static final PullOptions DEFAULT = new PullOptions(Optional.empty());
}
