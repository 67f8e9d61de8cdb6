package dev.coffer.image;

/**
 * How much an archive may ask of its reader. What is beyond is refused with {@link
 * ImageException.Kind#LIMIT_EXCEEDED}, and nothing of it stays.
 *
 * @param maxEntries entries of one archive
 * @param maxPathBytes bytes of an entry's name or link
 * @param maxDepth directories above an entry
 * @param maxHeaderBytes bytes of the extended headers of one entry
 * @param maxFileBytes size of one file, holes included
 * @param maxTotalBytes bytes of one archive when uncompressed
 * @param maxCompressionRatio uncompressed bytes for each compressed one, once {@code
 *     ratioFreeBytes} have come out
 * @param ratioFreeBytes uncompressed bytes up to which no ratio is too high
 */
public record ArchiveLimits(
    long maxEntries,
    int maxPathBytes,
    int maxDepth,
    int maxHeaderBytes,
    long maxFileBytes,
    long maxTotalBytes,
    int maxCompressionRatio,
    long ratioFreeBytes) {

  /**
   * Bounds that no honest image is known to meet: 5 million entries, Linux's PATH_MAX, 512
   * directories deep, 1 MiB of headers, files of 1 TiB, 256 GiB in all, 500-fold compression beyond
   * the first 4 GiB.
   */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(5_000_000, 4096, 512, 1 << 20, 1L << 40, 1L << 38, 500, 4L << 30);
}
