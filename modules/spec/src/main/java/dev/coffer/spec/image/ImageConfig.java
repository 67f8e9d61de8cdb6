package dev.coffer.spec.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The config of an image: its platform, how it wants to be run, its layers and how they were made.
 *
 * <p>Source: OCI image-spec config.md.
 *
 * @param created when the image was made, if known
 * @param author who made it, or empty
 * @param platform what it runs on
 * @param defaults how it wants to be run
 * @param diffIds the digest of each layer's uncompressed archive, lowest layer first
 * @param history the steps that made it, oldest first; may be empty
 */
public record ImageConfig(
    Optional<Instant> created,
    String author,
    Platform platform,
    ContainerDefaults defaults,
    List<Digest> diffIds,
    List<HistoryEntry> history) {
  public ImageConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }
}
