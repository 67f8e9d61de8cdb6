package dev.coffer.image.tar;

import java.time.Instant;

/** Times that an archive may state and a file system can hold. */
final class Times {
  /** The largest that ext4 with 256-byte inodes holds: the year 2446. */
  private static final long MAX_SECONDS = 15_032_385_535L;

  private static final long MIN_SECONDS = Integer.MIN_VALUE;

  private Times() {}

  static Instant clamp(long seconds, int nanos) {
    if (seconds < MIN_SECONDS) {
      return Instant.ofEpochSecond(MIN_SECONDS);
    }
    return seconds > MAX_SECONDS
        ? Instant.ofEpochSecond(MAX_SECONDS)
        : Instant.ofEpochSecond(seconds, nanos);
  }
}
