package dev.coffer.image.store;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.EmbeddedImages;
import dev.coffer.image.pull.PullLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a store behaves.
 *
 * @param limits bounds for archives
 * @param embedded images that come with the distribution
 * @param pull how patient pulls are
 * @param additional data roots whose images are used as well and never changed
 * @param syncDelay how long after the last unpacked layer the file system is synced
 */
public record ImageStoreOptions(
    ArchiveLimits limits,
    Optional<EmbeddedImages> embedded,
    PullLimits pull,
    List<Path> additional,
    Duration syncDelay) {
  private static final Duration SYNC_DELAY = Duration.ofSeconds(5);

  public ImageStoreOptions {
    additional = List.copyOf(additional);
  }

  /** Usual bounds, nothing embedded. */
  public static final ImageStoreOptions DEFAULT =
      new ImageStoreOptions(ArchiveLimits.DEFAULT, Optional.empty());

  /** With usual patience. */
  public ImageStoreOptions(ArchiveLimits limits, Optional<EmbeddedImages> embedded) {
    this(limits, embedded, PullLimits.DEFAULT, List.of());
  }

  /** Synced when a pull of some layers is most likely over. */
  public ImageStoreOptions(
      ArchiveLimits limits,
      Optional<EmbeddedImages> embedded,
      PullLimits pull,
      List<Path> additional) {
    this(limits, embedded, pull, additional, SYNC_DELAY);
  }
}
