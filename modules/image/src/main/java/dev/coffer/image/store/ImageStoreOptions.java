package dev.coffer.image.store;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.EmbeddedImages;
import java.util.Optional;

/**
 * How a store behaves.
 *
 * @param limits bounds for archives
 * @param embedded images that come with the distribution
 */
public record ImageStoreOptions(ArchiveLimits limits, Optional<EmbeddedImages> embedded) {

  /** Usual bounds, nothing embedded. */
  public static final ImageStoreOptions DEFAULT =
      new ImageStoreOptions(ArchiveLimits.DEFAULT, Optional.empty());
}
