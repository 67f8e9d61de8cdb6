package dev.coffer.kernel;

import java.time.Instant;

/**
 * What {@code statx(2)} tells of an inode.
 *
 * @param mode type and permission bits
 * @param size in bytes
 * @param blocks allocated space in units of 512 bytes
 * @param device id of the file system, as {@code st_dev}
 * @param represented id of the device that a device node stands for, as {@code st_rdev}; else 0
 * @param mountId id of the mount it was reached through
 */
public record Stat(
    int mode,
    int uid,
    int gid,
    long inode,
    int links,
    long size,
    long blocks,
    long device,
    long represented,
    long mountId,
    Instant accessed,
    Instant modified,
    Instant changed) {

  /** The kind of inode. */
  public FileType type() {
    return FileType.ofMode(mode);
  }

  /** Whether both are of one inode. */
  public boolean isSameFile(Stat other) {
    return inode == other.inode && device == other.device;
  }

  /** The permission bits with set-user-id, set-group-id and sticky: 0 to 07777. */
  public int permissions() {
    return mode & 0xfff;
  }
}
