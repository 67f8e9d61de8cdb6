package dev.coffer.image.pull;

import java.time.Duration;

/**
 * How patient a pull is, and how much it does at once.
 *
 * @param downloads blobs that arrive at once for one pull
 * @param rangeBytes size of the pieces that a larger blob is fetched in
 * @param ranges pieces of one blob that arrive at once
 * @param attempts how often in a row a sender may break off with next to nothing sent
 * @param leastBytes how much an attempt must bring to count as more than nothing
 * @param slowest how long a sender may take for {@code slowBytes}
 * @param slowBytes less than that in that time is not sending at all
 * @param firstPause how long to wait before the second attempt; doubled for each one after
 * @param longestPause bound of that
 */
public record PullLimits(
    int downloads,
    long rangeBytes,
    int ranges,
    int attempts,
    long leastBytes,
    Duration slowest,
    long slowBytes,
    Duration firstPause,
    Duration longestPause) {

  /** What suits the registries that there are. */
  public static final PullLimits DEFAULT =
      new PullLimits(
          4,
          32L << 20,
          3,
          6,
          256 << 10,
          Duration.ofMinutes(1),
          16 << 10,
          Duration.ofMillis(200),
          Duration.ofSeconds(10));

  /** How long to wait after so many attempts in a row that brought nothing. */
  Duration pause(int fruitless) {
    Duration pause = firstPause.multipliedBy(1L << Math.clamp(fruitless - 1L, 0, 20));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
