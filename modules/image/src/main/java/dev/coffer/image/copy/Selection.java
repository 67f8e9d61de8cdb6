package dev.coffer.image.copy;

import dev.coffer.spec.image.Platform;

/** What of an index is copied. */
public sealed interface Selection {

  /** The index with all that it lists. */
  record All() implements Selection {}

  /**
   * The index with all that it lists; or, where the source holds the image of one platform only,
   * that image's manifest, as {@code docker push} has it.
   */
  record AllOrTheOnlyOne() implements Selection {}

  /** The manifest for one platform. */
  record For(Platform platform) implements Selection {}

  /** The best manifest for this host, whatever a manifest that is no index is for. */
  record ForHost() implements Selection {}
}
