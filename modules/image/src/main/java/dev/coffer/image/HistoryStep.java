package dev.coffer.image;

import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.HistoryEntry;
import java.util.Optional;

/**
 * One step in the making of an image, with what it cost.
 *
 * @param image the image that this step ended in, known for the newest step only
 * @param entry the step
 * @param sizeBytes uncompressed bytes of the layer it made, 0 when it made none
 */
public record HistoryStep(Optional<Digest> image, HistoryEntry entry, long sizeBytes) {}
