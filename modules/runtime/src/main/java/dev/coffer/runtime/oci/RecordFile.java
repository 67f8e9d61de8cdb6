package dev.coffer.runtime.oci;

import dev.coffer.kernel.Stat;
import java.time.Duration;
import java.time.Instant;

/**
 * A record's file as it is at some moment. It is only ever appended to, so that one file of one
 * size has one text; the time tells it from one that has its number after it was removed.
 *
 * @param owner of the file, as of the directory
 */
record RecordFile(long device, long inode, long size, Instant changed, int owner) {
  /** The times of no file system are coarser. */
  private static final Duration COARSEST = Duration.ofSeconds(2);

  static RecordFile of(Stat stat) {
    return new RecordFile(stat.device(), stat.inode(), stat.size(), stat.changed(), stat.uid());
  }

  // As those that a record has of itself, without what makes these slow where hundreds are asked
  // for.

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordFile file
        && inode == file.inode
        && device == file.device
        && size == file.size
        && owner == file.owner
        && changed.equals(file.changed);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inode);
  }

  /** Whether any change from now on, and any other file of that number, will show in the time. */
  boolean isSettled(Instant now) {
    return changed.isBefore(now.minus(COARSEST));
  }
}
