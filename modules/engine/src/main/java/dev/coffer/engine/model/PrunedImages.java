package dev.coffer.engine.model;

import java.util.List;

/**
 * What a removal of unused images took away.
 *
 * @param deletions names and images
 * @param bytes of the disk that are free again
 */
public record PrunedImages(List<ImageDeletion> deletions, long bytes) {
  public PrunedImages {
    deletions = List.copyOf(deletions);
  }
}
