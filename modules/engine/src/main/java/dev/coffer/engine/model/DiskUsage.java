package dev.coffer.engine.model;

import java.util.Map;

/**
 * What a data root takes of the disk.
 *
 * @param images images, shared layers and blobs once
 * @param containers containers, without their images
 * @param volumes volumes
 * @param volumeBytes bytes of each volume, by name
 * @param volumeUsers how many containers have each volume, by name
 */
public record DiskUsage(
    Part images,
    Part containers,
    Part volumes,
    Map<String, Long> volumeBytes,
    Map<String, Integer> volumeUsers) {

  /**
   * One kind of thing.
   *
   * @param total how many there are
   * @param active how many are in use
   * @param bytes what all take
   * @param reclaimable bytes that a removal of those not in use would free
   */
  public record Part(int total, int active, long bytes, long reclaimable) {}
}
