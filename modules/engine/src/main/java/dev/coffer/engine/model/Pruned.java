package dev.coffer.engine.model;

import java.util.List;

/**
 * What a removal of unused things took away.
 *
 * @param removed ids or names
 * @param bytes of the disk that are free again
 */
public record Pruned(List<String> removed, long bytes) {
  public Pruned {
    removed = List.copyOf(removed);
  }
}
